import { products, type Product } from './catalogue.ts'
import type { Random } from './random.ts'

export interface Line {
  readonly product: Product
  readonly quantity: number
}

export interface Basket {
  readonly lines: readonly [Line, ...Line[]]
  /** In hundredths of the currency. */
  readonly amount: number
}

export function fillBasket (random: Random): Basket {
  const line = (): Line => ({ product: random.pick(products), quantity: random.chance(0.8) ? 1 : random.integer(2, 4) })
  const lines: Basket['lines'] = [line(), ...Array.from({ length: random.chance(0.6) ? 0 : random.integer(1, 3) }, line)]
  return { lines, amount: lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0) }
}
