import ipaddr from 'ipaddr.js'

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** An IPv4 or IPv6 address, alone or with a prefix length. */
export function isAddressRange (text: string): boolean {
  try {
    parseRange(text)
    return true
  } catch {
    return false
  }
}

/** Whether a range is larger than any private network: shorter than /8, or /16 for IPv6. The range must be valid. */
export function isWideRange (text: string): boolean {
  const [network, bits] = parseRange(text)
  return bits < (network.kind() === 'ipv4' ? 8 : 16)
}

/** Tells whether an address lies in one of the ranges. An IPv4 address mapped into IPv6 counts as IPv4. */
export function addressMatcher (ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map(parseRange)
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const candidate = ipaddr.process(address)
    return parsed.some(([network, bits]) => network.kind() === candidate.kind() && candidate.match(network, bits))
  }
}

function parseRange (text: string): Range {
  if (text.includes('/')) {
    const [network, bits] = ipaddr.parseCIDR(text)
    // ::ffff:203.0.113.0/120 is the IPv4 range 203.0.113.0/24
    if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96) return [network.toIPv4Address(), bits - 96]
    return [network, bits]
  }
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
