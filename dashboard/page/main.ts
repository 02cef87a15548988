import { askConfiguration } from './ask.ts'
import { element, part } from './element.ts'
import { askFreshness } from './freshness.ts'
import { onSchemeChange } from './palette.ts'
import { panel } from './panel.ts'
import { pickers } from './pickers.ts'
import { keepLooking } from './refresh.ts'
import { wrongLink } from './wrong-link.ts'
import { readState, tabs, writeState, type State } from './state.ts'
import { tabList } from './tab-list.ts'

/** Figures are worked out every five seconds: so long after a load they may still change. */
const settlingMs = 15_000
/** Without any load, too: time passes, days begin, what failed may succeed, and what waits in a backlog is worked out later. */
const longestPauseMs = 30_000

/** Says above everything what keeps the page from being shown; what it showed before stays. */
function complain (error: unknown, retry: () => void): void {
  const message = error instanceof Error ? error.message : String(error)
  const banner = part('banner')
  if (banner.dataset['message'] === message) return
  banner.dataset['message'] = message
  const button = element('button', { type: 'button' }, 'Try again')
  button.addEventListener('click', retry)
  banner.replaceChildren(element('div', { class: 'problem', role: 'alert' }, element('p', {}, element('strong', {}, 'Can\'t load the dashboard. '), message, ' Retrying every 3 seconds.'), button))
}

function recover (): void {
  const banner = part('banner')
  delete banner.dataset['message']
  banner.replaceChildren()
}

async function start (): Promise<void> {
  const configuration = await askConfiguration()
  const { businesses } = configuration
  const shownPanel = panel(part('panel'), configuration)
  let { state, problems } = readState(location.search, businesses)
  let stamp: string | undefined
  let changedAt = performance.now()
  let refreshedAt = changedAt

  const links = tabList(part('tabs'), (tab) => { change({ tab }) })
  const choices = pickers(part('pickers'), businesses, change)

  /** A choice of the person: a step of the browser's history. */
  function change (changed: Partial<State>): void {
    state = { ...state, ...changed }
    problems = []
    history.pushState(null, '', writeState(state))
    void show()
  }

  async function show (): Promise<void> {
    const title = tabs.find(([name]) => name === state.tab)?.[1] ?? ''
    document.title = `${title} – ${state.business} – Loyalty dashboard`
    links.select(state.tab, (tab) => writeState({ ...state, tab }))
    choices.show(state)
    if (problems.length > 0) {
      // nothing of another business or period may stand in for what was asked for
      shownPanel.refuse(wrongLink(problems, state, businesses))
      part('status').textContent = problems.join(' ')
      document.title = 'Nothing to show – Loyalty dashboard'
      return
    }
    part('status').textContent = await refresh() ? `${title} is shown` : `${title} cannot be shown now`
  }

  /** Whether there are figures. */
  async function refresh (): Promise<boolean> {
    refreshedAt = performance.now()
    try {
      await shownPanel.show(state)
      recover()
      return true
    } catch (error) {
      // the next look asks everything again
      stamp = undefined
      complain(error, () => { void refresh() })
      return false
    }
  }

  /** After a change for a while, as tables are filled and figures worked out one after the other. */
  async function look (): Promise<void> {
    try {
      const fresh = await askFreshness()
      part('freshness').textContent = fresh.text
      if (stamp !== fresh.stamp) changedAt = performance.now()
      stamp = fresh.stamp
      const now = performance.now()
      if (problems.length === 0 && (shownPanel.isPending() || now - changedAt < settlingMs || now - refreshedAt > longestPauseMs)) await refresh()
    } catch (error) {
      part('freshness').textContent = ''
      stamp = undefined
      complain(error, () => { void look() })
    }
  }

  addEventListener('popstate', () => {
    const asked = readState(location.search, businesses)
    state = asked.state
    problems = asked.problems
    void show()
  })
  onSchemeChange(() => { shownPanel.redraw() })
  // a wrong address stays as it is: whoever sent it may look at it
  if (problems.length === 0) history.replaceState(null, '', writeState(state))
  await show()
  keepLooking(look)
}

/** One attempt at a time: a page that is begun twice would answer every choice twice. */
let again: ReturnType<typeof setTimeout> | undefined
let isBeginning = false

function begin (): void {
  clearTimeout(again)
  if (isBeginning) return
  isBeginning = true
  start().then(recover, (error: unknown) => {
    isBeginning = false
    complain(error, begin)
    again = setTimeout(begin, 3_000)
  })
}

begin()
