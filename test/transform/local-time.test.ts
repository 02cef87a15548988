import { describe, expect, test } from 'vitest'
import { createClock } from '../../vendors/local-time.ts'

const day = 86_400_000

describe('the instant of a local time', () => {
  test.each([
    ['Asia/Kolkata', Date.UTC(2024, 0, 10, 17, 30), Date.UTC(2024, 0, 10, 12)],
    ['UTC', Date.UTC(2024, 0, 10, 12), Date.UTC(2024, 0, 10, 12)],
    ['America/New_York', Date.UTC(2024, 0, 10, 7), Date.UTC(2024, 0, 10, 12)],
    ['America/New_York', Date.UTC(2024, 6, 10, 8), Date.UTC(2024, 6, 10, 12)],
    // 01:30 comes twice on 2024-11-03: the first is meant
    ['America/New_York', Date.UTC(2024, 10, 3, 1, 30), Date.UTC(2024, 10, 3, 5, 30)],
    // 02:30 does not come on 2024-03-10: the clock before the change counts on
    ['America/New_York', Date.UTC(2024, 2, 10, 2, 30), Date.UTC(2024, 2, 10, 7, 30)],
    ['Australia/Lord_Howe', Date.UTC(2024, 0, 10, 23), Date.UTC(2024, 0, 10, 12)]
  ])('%s %d', (zone, local, instant) => {
    expect(createClock(zone).instantOf(local)).toBe(instant)
  })

  test('shows that local time again, all through a year with changes of the clock', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca']) {
      const clock = createClock(zone)
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
      let skipped = 0
      for (let local = Date.UTC(2024, 0, 1); local < Date.UTC(2025, 0, 1); local += 37 * 60_000) {
        if (shown.format(clock.instantOf(local)) !== new Date(local).toISOString().slice(0, 19).replace('T', ' ')) skipped++
      }
      // only those of the one hour that a change skips
      expect(skipped, zone).toBeLessThanOrEqual(3)
    }
  })
})

describe('the day of an instant', () => {
  test.each([
    ['Asia/Kolkata', Date.UTC(2024, 0, 9, 18, 29, 59), Date.UTC(2024, 0, 9) / day],
    ['Asia/Kolkata', Date.UTC(2024, 0, 9, 18, 30), Date.UTC(2024, 0, 10) / day],
    ['America/New_York', Date.UTC(2024, 0, 10, 4, 59), Date.UTC(2024, 0, 9) / day],
    ['Pacific/Kiritimati', Date.UTC(2024, 0, 10, 10), Date.UTC(2024, 0, 11) / day]
  ])('%s %d', (zone, instant, expected) => {
    expect(createClock(zone).dayOf(instant)).toBe(expected)
  })

  test('stays within what ClickHouse can hold', () => {
    expect(createClock('America/New_York').dayOf(0)).toBe(0)
    expect(createClock('Pacific/Kiritimati').dayOf(65_536 * day - 1)).toBe(65_535)
  })
})
