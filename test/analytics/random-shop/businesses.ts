import type { Random } from '../../../simulator/shop/random.ts'
import { sourceConfigSchema, type BusinessConfig } from '../../../config/businesses.ts'

// half hours, three quarters, both sides of the date line, and changes of the clock in March and April
const zones = ['Asia/Kolkata', 'America/New_York', 'Pacific/Auckland', 'UTC', 'Asia/Kathmandu', 'Pacific/Honolulu']
const identities = ['email', 'mobile', 'customer_id'] as const

/** Two businesses with the same leads, orders and panels, so that what leaks from one into the other is seen. */
export function randomBusinesses (random: Random, shop: string): readonly BusinessConfig[] {
  return sourceConfigSchema.parse({
    businesses: ['a', 'b'].map((letter) => ({
      id: `${shop}${letter}`,
      currency: random.pick(['INR', 'USD', 'EUR']),
      coinValue: random.pick(['0.10', '0.25', '1', '0.00000001']),
      timezone: random.pick(zones),
      nector: [{ id: `${shop}${letter}-nector`, insecure: true }],
      netcore: ['x', 'y'].slice(0, random.integer(1, 2)).map((source) => ({
        id: `${shop}${letter}-netcore-${source}`,
        insecure: true,
        timezone: random.pick(zones),
        identity: random.pick(identities),
        activities: { 1: 'browse', 2: 'cart', 3: 'checkout', 4: random.pick(['buy', 'cart']), 5: 'buy' }
      })),
      funnels: [{ name: 'short', windowHours: 1, steps: ['cart', 'buy'] }, { name: 'long', windowHours: 24, steps: ['browse', 'cart', 'checkout', 'buy'] }]
    }))
  }).businesses
}
