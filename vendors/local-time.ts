const hour = 3_600_000
const day = 24 * hour
const bucket = hour / 4
const bucketLimit = 50_000
/** 2149-06-06 */
const lastDay = 65_535

/** Converts times of one time zone. All times are epoch milliseconds. */
export interface Clock {
  /** Days since 1970-01-01 of the local date at an instant: an Avro date, clamped to ClickHouse's Date, which wraps silently. */
  dayOf (instant: number): number
  /**
   * The instant at which the local clock shows what `local` shows in UTC. Of the two instants of an hour that repeats, the
   * first; in an hour that is skipped, the clock before the change counts on.
   */
  instantOf (local: number): number
}

export function createClock (timeZone: string): Clock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'
  })
  // No zone changes its offset within a quarter of an hour, and Intl is too slow to be called per event.
  const offsets = new Map<number, number>()

  function offsetAt (instant: number): number {
    const key = Math.floor(instant / bucket)
    const known = offsets.get(key)
    if (known !== undefined) return known
    if (offsets.size >= bucketLimit) offsets.clear()
    const offset = computeOffset(key * bucket)
    offsets.set(key, offset)
    return offset
  }

  function computeOffset (instant: number): number {
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]))
    const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')) - instant
  }

  return {
    dayOf: (instant) => Math.min(lastDay, Math.max(0, Math.floor((instant + offsetAt(instant)) / day))),
    instantOf (local) {
      const before = offsetAt(local - day)
      for (const offset of [before, offsetAt(local + day)]) {
        if (offsetAt(local - offset) === offset) return local - offset
      }
      return local - before
    }
  }
}

/** The clock of each zone in use, cached. */
export function clockOf (clocks: Map<string, Clock>, timeZone: string): Clock {
  const known = clocks.get(timeZone)
  if (known !== undefined) return known
  const clock = createClock(timeZone)
  clocks.set(timeZone, clock)
  return clock
}
