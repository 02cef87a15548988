import type { Business, Configuration, Query } from './answers.ts'
import { addressOf, ask, AskError } from './ask.ts'
import { card, type Card } from './card.ts'
import { element } from './element.ts'
import { askPending, pendingOf } from './pending.ts'
import type { State } from './state.ts'

/** Errors of one query; any other holds for the whole page. */
const ofOneQuery: ReadonlySet<string> = new Set(['QUERY_FAILED', 'QUERY_LIMIT_EXCEEDED', 'QUERY_PARAMETERS_INVALID', 'QUERY_UNKNOWN'])

export interface Panel {
  /** Shows the state, empty at first where it is another one: figures of one period must not be read as those of another. Rejects with what keeps the whole page from being shown. */
  show (state: State): Promise<void>
  /** Whether figures that are shown are still to be worked out. */
  isPending (): boolean
  /** Shows this in place of any figures. */
  refuse (reason: HTMLElement): void
  redraw (): void
}

export function panel (root: HTMLElement, { businesses, queries }: Configuration): Panel {
  let cards: ReadonlyArray<{ readonly query: Query, readonly card: Card }> = []
  let laidOut = ''
  let running = new AbortController()
  let isPending = false

  function lay (state: State, business: Business): void {
    const { tab } = state
    const wanted = JSON.stringify(state)
    if (wanted === laidOut) return
    laidOut = wanted
    for (const one of cards) one.card.remove()
    cards = queries.filter((query) => query.tab === tab).map((query) => ({ query, card: card(query, business) }))
    const group = (name: string, ...kinds: readonly string[]): HTMLElement =>
      element('div', { class: name }, ...cards.filter(({ query }) => kinds.includes(query.chart)).map(({ card: { root } }) => root))
    root.replaceChildren(group('numbers', 'number'), group('charts', 'funnel', 'line', 'bar'), group('tables', 'table'))
    root.setAttribute('aria-labelledby', `tab-${tab}`)
  }

  return {
    isPending: () => isPending,
    async show (state) {
      const business = businesses.find(({ id }) => id === state.business)
      if (business === undefined) return
      lay(state, business)
      // what was asked for another period must not arrive after what is asked now
      running.abort()
      const mine = running = new AbortController()
      root.setAttribute('aria-busy', 'true')
      const before = await askPending(business.id, mine.signal).catch(() => undefined)
      if (mine.signal.aborted) return
      const failures = await Promise.all(cards.map(async ({ query, card }) => {
        const [address, csv] = [addressOf(query, state, business.timezone), addressOf(query, state, business.timezone, '.csv')]
        if (address === undefined || csv === undefined) return card.show({ columns: [], rows: [] }, '')
        try {
          card.show(await ask(address, mine.signal), csv)
        } catch (error) {
          if (mine.signal.aborted) return
          if (!(error instanceof AskError) || ofOneQuery.has(error.code)) return card.fail(error)
          return error
        }
      }))
      if (mine.signal.aborted) return
      // before and after: figures were complete while they were asked where both say so
      const after = await askPending(business.id, mine.signal).catch(() => undefined)
      if (mine.signal.aborted) return
      const texts = cards.map(({ query, card }) => {
        const text = pendingOf(query.figures, before) ?? pendingOf(query.figures, after)
        card.pending(text)
        return text
      })
      isPending = texts.some((text) => text !== undefined)
      root.setAttribute('aria-busy', 'false')
      const whole = failures.find((failure) => failure !== undefined)
      if (whole !== undefined) throw whole
    },
    refuse (reason) {
      running.abort()
      for (const one of cards) one.card.remove()
      cards = []
      laidOut = ''
      root.setAttribute('aria-busy', 'false')
      root.replaceChildren(reason)
    },
    redraw () { for (const one of cards) one.card.redraw() }
  }
}
