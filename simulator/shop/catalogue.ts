/** A product of the invented shop. */
export interface Product {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly brand: string
  readonly variant: string
  /** In hundredths of the currency, so that sums stay exact. */
  readonly price: number
}

const ranges = [
  { category: 'skin care', brand: 'Neem & Rose', variants: ['50 ml', '100 ml'], products: [['Rose Face Mist', 39900], ['Neem Face Wash', 24900], ['Saffron Night Cream', 84954], ['Turmeric Serum', 59950], ['Aloe Gel', 19900]] },
  { category: 'hair care', brand: 'Amla Ghar', variants: ['200 ml', '400 ml'], products: [['Amla Hair Oil', 29900], ['Bhringraj Shampoo', 34900], ['Coconut Hair Mask', 44925]] },
  { category: 'lifestyle', brand: 'Kala Studio', variants: ['blue', 'indigo', 'rust'], products: [['Block Print Cushion', 79900], ['Brass Diya Set', 64900], ['Jute Rug', 249999], ['Cotton Throw', 129950]] },
  { category: 'apparel', brand: 'Dhaaga', variants: ['S', 'M', 'L', 'XL'], products: [['Linen Kurta', 189900], ['Chikankari Top', 149900], ['Khadi Shirt', 159950], ['Silk Dupatta', 219900]] },
  { category: 'food', brand: 'Pahadi', variants: ['250 g', '500 g'], products: [['Himalayan Honey', 44900], ['Masala Chai', 27550], ['Roasted Makhana', 17525], ['Almond Ladoo', 38500]] }
] as const

export const products: readonly Product[] = ranges.flatMap(({ category, brand, variants, products }, range) =>
  products.map(([name, price], index) => ({
    id: 157 + 100 * range + index,
    name: `${brand} ${name}`,
    category,
    brand,
    variant: variants[index % variants.length] ?? variants[0],
    price
  })))

export const searchTerms = ['kurta', 'face wash', 'honey', 'gift under 500', 'hair oil', 'diya', 'क्रीम', 'silk & cotton', 'rug 4x6', 'chai'] as const
