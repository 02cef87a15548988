import { sourceConfigSchema, type BusinessConfig } from '../../config/businesses.ts'

export const nectorSecret = 'nector secret of the tests'
export const netcoreToken = 'netcore-token-of-the-tests'

export interface AcmeChanges {
  /** Fields of the business. */
  readonly business?: Readonly<Record<string, unknown>>
  /** Fields of its one source at each vendor. */
  readonly nector?: Readonly<Record<string, unknown>>
  readonly netcore?: Readonly<Record<string, unknown>>
}

/** The business of the tests, as CONFIG_FILE has it. */
export function acme ({ business, nector, netcore }: AcmeChanges = {}) {
  return {
    id: 'acme',
    currency: 'INR',
    coinValue: '0.10',
    timezone: 'Asia/Kolkata',
    nector: [{ id: 'acme-nector', secrets: [nectorSecret], ...nector }],
    netcore: [{
      id: 'acme-netcore',
      tokens: [netcoreToken],
      timezone: 'Asia/Kolkata',
      identity: 'email',
      activities: { 1: 'page_browse', 2: 'add_to_cart', 3: 'checkout', 103: 'product_search', 110: 'purchase' },
      ...netcore
    }],
    funnels: [{ name: 'purchase', windowHours: 24, steps: ['product_search', 'add_to_cart', 'checkout', 'purchase'] }],
    ...business
  }
}

/** The same, read as a configuration is. */
export function acmeBusinesses (changes?: AcmeChanges): readonly BusinessConfig[] {
  return sourceConfigSchema.parse({ businesses: [acme(changes)] }).businesses
}
