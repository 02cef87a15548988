import type { BusinessConfig } from '../config/businesses.ts'
import { clockOf, type Clock } from './local-time.ts'
import { customerIdReader, type IdentifierReaders } from './identifiers.ts'
import type { TransactionTypes } from './nector/coin-movement.ts'
import { mobileReader, type ReadMobile } from './mobile-number.ts'

/** The parts of a business's configuration that the mapping of both vendors needs. */
export interface BusinessReaders extends IdentifierReaders {
  /** The business's clock: gives the day of daily figures. */
  readonly businessClock: Clock
}

/** The parts of a webhook source's configuration that the mapping needs. */
export interface NectorSource extends BusinessReaders {
  /** The currency of amounts that name none. */
  readonly currency: string
  readonly transactionTypes: TransactionTypes
}

export interface NetcoreSource extends BusinessReaders {
  /** The clock of Netcore's `ts`. */
  readonly sourceClock: Clock
}

export interface Sources {
  readonly nector: ReadonlyMap<string, NectorSource>
  readonly netcore: ReadonlyMap<string, NetcoreSource>
}

export function createSources (businesses: readonly BusinessConfig[]): Sources {
  const clocks = new Map<string, Clock>()
  // one per country: each has a large cache
  const readers = new Map<string | undefined, ReadMobile>()
  const nector = new Map<string, NectorSource>()
  const netcore = new Map<string, NetcoreSource>()
  for (const business of businesses) {
    const businessClock = clockOf(clocks, business.timezone)
    const readMobile = readers.get(business.country) ?? mobileReader(business.country)
    readers.set(business.country, readMobile)
    const shared = { businessClock, readMobile, readCustomerId: customerIdReader(business.customerIdPrefixes) }
    for (const source of business.nector) nector.set(source.id, { ...shared, currency: business.currency, transactionTypes: business.transactionTypes })
    for (const source of business.netcore) netcore.set(source.id, { ...shared, sourceClock: clockOf(clocks, source.timezone) })
  }
  return { nector, netcore }
}
