export const vendors = ['nector', 'netcore'] as const
export type Vendor = typeof vendors[number]
