import type { Answer, Query } from './answers.ts'
import { element } from './element.ts'
import { figure, label } from './format.ts'
import { seriesOf } from './series.ts'

/** The figures of one row. */
export function tiles (query: Query, answer: Answer, currency: string): HTMLElement {
  return element('dl', { class: 'tiles' }, ...seriesOf(query, answer).map(({ column, unit, values }) =>
    element('div', {},
      element('dt', {}, label(column)),
      element('dd', { title: figure(values[0], unit, currency) }, figure(values[0], unit, currency, true)))))
}
