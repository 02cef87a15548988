import { element } from './element.ts'
import { tabs } from './state.ts'

export interface TabList {
  /** Marks the one that is shown, and gives each the address of what it would show. */
  select (tab: string, addressOf: (tab: string) => string): void
}

/** Links, so that they can be copied and opened apart; with the arrows, Home and End of tabs. */
export function tabList (root: HTMLElement, choose: (tab: string) => void): TabList {
  const links = tabs.map(([name, title]) => element('a', { role: 'tab', id: `tab-${name}`, 'aria-controls': 'panel', 'data-tab': name }, title))
  root.replaceChildren(...links)
  root.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    // with a modifier the browser opens it elsewhere
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    choose(link.dataset['tab'] ?? '')
  })
  root.addEventListener('keydown', (event) => {
    const at = links.findIndex((link) => link === document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + links.length, Home: 0, End: links.length - 1 }[event.key]
    if (event.key === ' ' && at >= 0) {
      event.preventDefault()
      links[at]?.click()
    }
    if (to === undefined || at < 0) return
    event.preventDefault()
    const link = links[to % links.length]
    link?.focus()
    link?.click()
  })
  return {
    select (tab, addressOf) {
      for (const link of links) {
        const chosen = link.dataset['tab'] === tab
        link.href = addressOf(link.dataset['tab'] ?? '')
        link.setAttribute('aria-selected', String(chosen))
        link.tabIndex = chosen ? 0 : -1
        if (chosen) link.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      }
    }
  }
}
