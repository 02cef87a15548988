import { expect, test } from 'vitest'
import { createPace } from '../../figures/pace.ts'

/** A pace on a clock of its own; `work` says whether it rested, which it does until the signal is aborted. */
function onManualClock (share: number, burstMs: number) {
  let now = 0
  const pace = createPace({ share, burstMs, monotonic: () => now })
  return {
    pass (ms: number) { now += ms },
    async work (ms: number): Promise<'rested' | 'went on'> {
      now += ms
      const stop = new AbortController()
      const done = pace(ms, stop.signal).then(() => 'went on' as const)
      const first = await Promise.race([done, new Promise<'rested'>((resolve) => { setImmediate(() => { resolve('rested') }) })])
      stop.abort()
      await done
      return first
    }
  }
}

test('work within the burst goes on at once, and beyond it rests', async () => {
  const { work } = onManualClock(0.2, 1000)
  expect(await work(500)).toBe('went on')
  expect(await work(500)).toBe('went on')
  expect(await work(500)).toBe('rested')
})

test('credit grows by the share while nothing is done, up to the burst', async () => {
  const { work, pass } = onManualClock(0.2, 1000)
  expect(await work(1500)).toBe('rested')
  pass(5_000)
  expect(await work(400)).toBe('went on')
  pass(3_600_000)
  expect(await work(900)).toBe('went on')
  expect(await work(900)).toBe('rested')
})

test('a rest ends with the signal', async () => {
  const pace = createPace({ share: 0.5, burstMs: 0, monotonic: () => 0 })
  const stop = new AbortController()
  setTimeout(() => { stop.abort() }, 10)
  await pace(3_600_000, stop.signal)
})
