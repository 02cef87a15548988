import type { Answer, Query } from './answers.ts'
import { element } from './element.ts'
import { figure, label } from './format.ts'
import { column, seriesOf } from './series.ts'

/** Bars beside names: every one says its figure, so that nothing depends on length or colour. */
export function bars (query: Query, answer: Answer, currency: string): HTMLElement {
  const names = column(answer, query.x ?? '').map(String)
  const series = seriesOf(query, answer)
  // a share is drawn as one of the whole track
  const most = series.every(({ unit }) => unit === 'percent') ? 1 : Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0)), Number.MIN_VALUE)
  return element('ul', { class: `bars ${query.chart}` }, ...names.map((name, row) =>
    element('li', {}, element('span', { class: 'name' }, name), ...series.map((one, index) => {
      const value = one.values[row] ?? null
      return element('div', { class: 'bar' }, fill(index, (value ?? 0) / most),
        element('span', { class: 'value' }, `${series.length > 1 ? `${label(one.column)}: ` : ''}${figure(value, one.unit, currency)}${detail(query, answer, row)}`))
    }))))
}

/** What a step of a funnel says besides its number of customers. */
function detail ({ chart }: Query, answer: Answer, row: number): string {
  if (chart !== 'funnel' || row === 0) return ''
  const [step, overall] = [column(answer, 'step_conversion')[row], column(answer, 'overall_conversion')[row]]
  return ` · ${figure(step, 'percent', '')} of the step before, ${figure(overall, 'percent', '')} of all`
}

function fill (index: number, share: number): HTMLElement {
  const track = element('span', { class: 'track', 'aria-hidden': 'true' }, element('span', { class: `fill fill-${index + 1}`, hidden: share <= 0 }))
  if (track.firstElementChild instanceof HTMLElement) track.firstElementChild.style.width = `${(100 * share).toFixed(2)}%`
  return track
}
