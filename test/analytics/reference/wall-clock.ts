const quarter = 15 * 60_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** What a clock of the zone shows, as 2024-01-31 23:59:59. */
export function clockShows (instant: number, zone: string): string {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(zone, format)
  }
  return format.format(instant)
}

export function dayOf (instant: number, zone: string): string {
  return clockShows(instant, zone).slice(0, 10)
}

/** The first instant at which the clock shows that; where it never does, the clock of the day before counts on. */
export function instantAt (shown: string, zone: string): number {
  const asUtc = Date.parse(`${shown.replace(' ', 'T')}Z`)
  for (let offset = 15 * 3_600_000; offset >= -15 * 3_600_000; offset -= quarter) {
    if (clockShows(asUtc - offset, zone) === shown) return asUtc - offset
  }
  const yesterday = asUtc - 24 * 3_600_000
  return asUtc - (Date.parse(`${clockShows(yesterday, zone).replace(' ', 'T')}Z`) - yesterday)
}
