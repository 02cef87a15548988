import type { Answer, Business, Query } from './answers.ts'
import { AskError } from './ask.ts'
import { bars } from './bars.ts'
import { element } from './element.ts'
import { column, isEmpty } from './series.ts'
import { unfinishedRow } from './so-far.ts'
import { table } from './table.ts'
import { tiles } from './tiles.ts'
import { timeChart, type TimeChart } from './time-chart.ts'

export interface Card {
  readonly root: HTMLElement
  /** The same answer again changes nothing; another one changes figures, and keeps focus, scroll and what is unfolded. */
  show (answer: Answer, csv: string): void
  fail (error: unknown): void
  /** Says what of its figures is still to be worked out; undefined where they are complete. */
  pending (text: string | undefined): void
  /** Draws again, in other colours. */
  redraw (): void
  remove (): void
}

/** One query of sql/dashboards: its question, its chart or table, its caveat and its download. */
export function card (query: Query, business: Business): Card {
  const heading = `card-${query.name}`
  const content = element('div', { class: 'content' }, element('p', { class: 'muted' }, 'Loading …'))
  const download = element('a', { class: 'download', download: '', hidden: true, 'aria-label': `Download CSV: ${query.title}` }, 'Download CSV')
  const figures = element('div')
  const unfold = element('details', { hidden: true }, element('summary', { 'aria-label': `Show as table: ${query.title}` }, 'Show as table'), figures)
  const waits = element('p', { class: 'pending', hidden: true })
  const root = element('section', { class: `card ${query.chart}`, 'aria-labelledby': heading, 'data-query': query.name, 'data-state': 'loading', hidden: query.hiddenWhenEmpty },
    element('h2', { id: heading }, query.title),
    content,
    waits,
    ...(query.note === null ? [] : [element('p', { class: 'note' }, query.note)]),
    element('div', { class: 'below' }, ...(query.chart === 'table' || query.chart === 'number' ? [] : [unfold]), download))
  let shown = ''
  let last: Answer | undefined
  let plot: TimeChart | undefined

  function put (state: string, child: HTMLElement): void {
    plot?.remove()
    plot = undefined
    root.dataset['state'] = state
    root.hidden = state === 'empty' && query.hiddenWhenEmpty
    content.replaceChildren(child)
  }

  function draw (answer: Answer): void {
    if (isEmpty(query, answer)) return put('empty', nothing(query, business))
    if (query.chart === 'number') return put('data', tiles(query, answer, business.currency))
    if (query.chart === 'table') return keepScroll(() => { put('data', table(query.title, answer, business.currency)) })
    const type = answer.columns.find(({ name }) => name === query.x)?.type ?? ''
    if (query.chart === 'funnel' || !type.includes('Date')) return put('data', bars(query, answer, business.currency))
    if (plot !== undefined) return plot.update(answer)
    const made = timeChart(query, answer, business)
    put('data', made.root)
    plot = made
  }

  /** The row of a day or week that is not over. */
  function unfinished (answer: Answer): number | undefined {
    const type = answer.columns.find(({ name }) => name === query.x)?.type ?? ''
    return type.includes('Date') ? unfinishedRow(column(answer, query.x ?? '').map((value) => Date.parse(String(value)) / 1000), business.timezone, Date.now()) : undefined
  }

  function keepScroll (change: () => void): void {
    const before = content.firstElementChild
    const [left, focused] = [before?.scrollLeft ?? 0, before !== null && before === document.activeElement]
    change()
    if (content.firstElementChild instanceof HTMLElement) {
      content.firstElementChild.scrollLeft = left
      if (focused) content.firstElementChild.focus({ preventScroll: true })
    }
  }

  return {
    root,
    show (answer, csv) {
      download.href = csv
      const text = JSON.stringify(answer)
      if (text === shown) return
      shown = text
      last = answer
      draw(answer)
      const empty = root.dataset['state'] === 'empty'
      figures.replaceChildren(table(query.title, answer, business.currency, unfinished(answer)))
      unfold.hidden = download.hidden = empty
    },
    fail (error) {
      shown = ''
      put('error', element('p', { class: 'problem' }, error instanceof AskError ? error.message : String(error)))
      unfold.hidden = download.hidden = true
    },
    pending (text) {
      waits.hidden = text === undefined
      if (waits.textContent !== (text ?? '')) waits.textContent = text ?? ''
    },
    redraw () {
      plot?.remove()
      plot = undefined
      if (last !== undefined && root.dataset['state'] === 'data') draw(last)
    },
    remove () { plot?.remove() }
  }
}

/** An empty place says how it is filled. */
function nothing ({ tab, parameters }: Query, { id, webhooks, funnels }: Business): HTMLElement {
  if (parameters.includes('funnel') && funnels.length === 0) {
    return element('p', { class: 'empty' }, `${id} has no funnel: name its steps under "funnels" in CONFIG_FILE.`)
  }
  const where = webhooks.filter((path) => path.includes(tab === 'funnel' ? '/netcore/' : tab === 'health' ? '/' : '/nector/'))
  return element('p', { class: 'empty' }, parameters.includes('from') ? 'Nothing in this period. Choose a longer one, or send ' : 'Nothing yet. Send ',
    'webhooks to ', ...where.flatMap((path, index) => [...(index === 0 ? [] : [' or ']), element('code', {}, path)]), '; ',
    element('code', {}, 'npm run simulate'), ' sends those of an invented shop.')
}
