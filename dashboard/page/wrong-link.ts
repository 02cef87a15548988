import type { Business } from './answers.ts'
import { element } from './element.ts'
import { writeState, type State } from './state.ts'

/** What the page shows for an address that asks for what there is not: what is wrong, and a way to each business that there is. */
export function wrongLink (problems: readonly string[], state: State, businesses: readonly Business[]): HTMLElement {
  const links = businesses.map(({ id, funnels }) => element('li', {},
    element('a', { href: writeState({ ...state, business: id, funnel: funnels[0], period: '30d' }) }, `${id}, the last 30 days`)))
  return element('section', { class: 'card', 'data-state': 'wrong-link' },
    element('h2', {}, 'This link names something that does not exist'),
    element('div', { class: 'problem', role: 'alert' }, ...problems.map((problem) => element('p', {}, problem))),
    element('p', {}, 'It may be outdated or incomplete. Choose above, or:'),
    element('ul', { class: 'choices' }, ...links))
}
