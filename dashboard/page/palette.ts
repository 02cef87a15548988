/** Colours of the page's style sheet, which follows light and dark; a series is told by its dash or pattern as well. */
export interface Palette {
  readonly text: string
  readonly grid: string
  readonly ground: string
  readonly series: readonly string[]
}

export function palette (): Palette {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  return { text: colour('--muted'), grid: colour('--line'), ground: colour('--card'), series: ['--series-1', '--series-2', '--series-3'].map(colour) }
}

/** Calls back when the person changes between light and dark. */
export function onSchemeChange (callback: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', callback)
}
