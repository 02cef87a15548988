import type { BusinessConfig } from '../config/businesses.ts'
import { clockOf, type Clock } from './local-time.ts'
import { mobileReader, type ReadMobile } from './mobile-number.ts'

/** What the mapping needs to know of a webhook source. */
export interface NectorSource {
  /** The clock of the business: gives the day of every daily figure. */
  readonly businessClock: Clock
  /** Reads mobile numbers as written in the country of the business. */
  readonly readMobile: ReadMobile
}

export interface NetcoreSource extends NectorSource {
  /** The clock that Netcore's `ts` was read from. */
  readonly sourceClock: Clock
}

export interface Sources {
  readonly nector: ReadonlyMap<string, NectorSource>
  readonly netcore: ReadonlyMap<string, NetcoreSource>
}

export function createSources (businesses: readonly BusinessConfig[]): Sources {
  const clocks = new Map<string, Clock>()
  // one a country, as each remembers many numbers
  const readers = new Map<string | undefined, ReadMobile>()
  const nector = new Map<string, NectorSource>()
  const netcore = new Map<string, NetcoreSource>()
  for (const business of businesses) {
    const businessClock = clockOf(clocks, business.timezone)
    const readMobile = readers.get(business.country) ?? mobileReader(business.country)
    readers.set(business.country, readMobile)
    for (const source of business.nector) nector.set(source.id, { businessClock, readMobile })
    for (const source of business.netcore) netcore.set(source.id, { businessClock, readMobile, sourceClock: clockOf(clocks, source.timezone) })
  }
  return { nector, netcore }
}
