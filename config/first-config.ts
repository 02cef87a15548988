import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Writes a CONFIG_FILE for one shop with random secrets, readable by its owner only, unless there is one already.
 * Returns whether it wrote one.
 */
export function writeFirstConfig (file: string): boolean {
  const path = resolve(file)
  if (existsSync(path)) return false
  const config = {
    businesses: [{
      id: 'my-shop',
      currency: 'INR',
      country: 'IN',
      coinValue: '0.10',
      timezone: 'Asia/Kolkata',
      nector: [{ id: 'my-shop-nector', secrets: [randomSecret()], hmac: { mode: 'log' } }],
      netcore: [{
        id: 'my-shop-netcore',
        tokens: [randomSecret()],
        timezone: 'Asia/Kolkata',
        identity: 'email',
        activities: { 1: 'page_browse', 2: 'add_to_cart', 3: 'checkout', 103: 'product_search', 110: 'purchase' }
      }],
      funnels: [{ name: 'purchase', windowHours: 24, steps: ['product_search', 'add_to_cart', 'checkout', 'purchase'] }]
    }]
  }
  // Written aside and then linked: the file appears whole or not at all, and of two processes that start at once one wins.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 })
  try {
    linkSync(aside, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(aside)
  }
}

function randomSecret (): string {
  return randomBytes(24).toString('base64url')
}
