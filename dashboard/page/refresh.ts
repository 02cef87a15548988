/** Least time between two looks, and how much longer than the work itself: a slow warehouse is asked less often. */
const leastPauseMs = 2_500
const restFactor = 2

/**
 * Looks again and again whether something changed, while the page is visible; at once when it becomes visible again. `look` tells
 * nothing and never rejects.
 */
export function keepLooking (look: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let looking = false

  async function run (): Promise<void> {
    clearTimeout(timer)
    if (looking || document.visibilityState !== 'visible') return
    looking = true
    const began = performance.now()
    await look()
    looking = false
    timer = setTimeout(() => { void run() }, Math.max(leastPauseMs, restFactor * (performance.now() - began)))
  }

  document.addEventListener('visibilitychange', () => { void run() })
  void run()
}
