import { hour } from '../durations.ts'

/** The wall clock of a time zone. Written apart from the transform's reading of it, so that a fault of either shows. */
export interface LocalClock {
  /** yyMMddHHmmss, the form of Netcore's `ts`. */
  ts (instant: number): number
  /** yyyy-MM-dd HH:mm:ss */
  dateTime (instant: number): string
  hourOf (instant: number): number
}

export function createLocalClock (timeZone: string): LocalClock {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  // Offsets change on a quarter of an hour, and Intl is too slow to be asked for every activity.
  const offsets = new Map<number, number>()

  function local (instant: number): string {
    const quarter = Math.floor(instant / (hour / 4))
    let offset = offsets.get(quarter)
    if (offset === undefined) {
      offset = readOffset(format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '')
      offsets.set(quarter, offset)
    }
    return new Date(instant + offset).toISOString()
  }

  return {
    ts: (instant) => Number(local(instant).slice(2, 19).replaceAll(/\D/g, '')),
    dateTime: (instant) => local(instant).slice(0, 19).replace('T', ' '),
    hourOf: (instant) => Number(local(instant).slice(11, 13))
  }
}

/** Milliseconds of GMT+05:30, GMT-03:00 or GMT. */
function readOffset (name: string): number {
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(name) ?? []
  const amount = (Number(hours ?? 0) + Number(minutes ?? 0) / 60) * hour
  return sign === '-' ? -amount : amount
}
