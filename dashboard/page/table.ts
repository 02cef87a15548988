import type { Answer } from './answers.ts'
import { element } from './element.ts'
import { cell, isNumeric, label } from './format.ts'
import { soFar } from './so-far.ts'

/** All columns of an answer; `unfinished` is the row of a day that is not over. It scrolls sideways in a region that the keyboard reaches. */
export function table (title: string, { columns, rows }: Answer, currency: string, unfinished?: number): HTMLElement {
  const head = columns.map(({ name, type }) => element('th', { scope: 'col', class: isNumeric(type) ? 'number' : undefined }, label(name)))
  const body = rows.map((row, at) => element('tr', {}, ...columns.map(({ name, type }, index) => {
    const text = `${cell(row[index], type, name, currency)}${index === 0 && at === unfinished ? `, ${soFar}` : ''}`
    return index === 0 ? element('th', { scope: 'row', title: text }, text) : element('td', { class: isNumeric(type) ? 'number' : undefined }, text)
  })))
  return element('div', { class: 'scroll', role: 'region', tabindex: 0, 'aria-label': `Table: ${title}` },
    element('table', {},
      element('caption', { class: 'hidden' }, title),
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...body)))
}
