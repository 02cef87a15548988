import type { Business } from './answers.ts'
import { element } from './element.ts'
import { days, periods, type State } from './state.ts'

export interface Pickers {
  show (state: State): void
}

const ownPeriod = 'own'

/** Business, funnel and period. A change is handed to `choose`; what is shown is set by `show` alone. */
export function pickers (form: HTMLElement, businesses: readonly Business[], choose: (change: Partial<State>) => void): Pickers {
  const business = select('business', 'Business', businesses.map(({ id }) => [id, id]))
  const funnel = select('funnel', 'Funnel', [])
  const period = select('period', 'Period', [...periods.map(([name, title]) => [name, title] as const), [ownPeriod, 'From … to …']])
  const from = date('from', 'From')
  const to = date('to', 'To')
  const range = element('div', { class: 'range' }, from.label, to.label)
  form.replaceChildren(business.label, funnel.label, period.label, range)
  let current: State | undefined
  const zone = (id: string): string => businesses.find((one) => one.id === id)?.timezone ?? 'UTC'

  form.addEventListener('submit', (event) => { event.preventDefault() })
  business.input.addEventListener('change', () => {
    choose({ business: business.input.value, funnel: businesses.find(({ id }) => id === business.input.value)?.funnels[0] })
  })
  funnel.input.addEventListener('change', () => { choose({ funnel: funnel.input.value }) })
  period.input.addEventListener('change', () => {
    if (current === undefined) return
    choose({ period: period.input.value === ownPeriod ? days(current, zone(current.business), Date.now()) : period.input.value })
  })
  for (const { input } of [from, to]) {
    input.addEventListener('change', () => {
      // half a date, or an end before its beginning, is not a period yet
      to.input.setCustomValidity(from.input.value > to.input.value ? 'Choose a day on or after the first one.' : '')
      if (from.input.value !== '' && to.input.value !== '' && to.input.reportValidity()) choose({ period: { from: from.input.value, to: to.input.value } })
    })
  }

  return {
    show (state) {
      current = state
      const funnels = businesses.find(({ id }) => id === state.business)?.funnels ?? []
      business.input.value = state.business
      funnel.input.replaceChildren(...funnels.map((name) => element('option', { value: name }, name)))
      funnel.input.value = state.funnel ?? ''
      funnel.label.hidden = funnels.length === 0
      period.input.value = typeof state.period === 'string' ? state.period : ownPeriod
      range.hidden = typeof state.period === 'string'
      const shown = days(state, zone(state.business), Date.now())
      from.input.value = shown.from
      to.input.value = shown.to
    }
  }
}

function select (name: string, title: string, choices: ReadonlyArray<readonly [string, string]>): { readonly label: HTMLElement, readonly input: HTMLSelectElement } {
  const input = element('select', { name }, ...choices.map(([value, text]) => element('option', { value }, text)))
  return { input, label: element('label', {}, element('span', {}, title), input) }
}

function date (name: string, title: string): { readonly label: HTMLElement, readonly input: HTMLInputElement } {
  const input = element('input', { type: 'date', name })
  return { input, label: element('label', {}, element('span', {}, title), input) }
}
