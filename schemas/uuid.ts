/** The UUID (version 8, RFC 9562) of a hash in hex: its first bits. Equal hashes give equal UUIDs. */
export function uuidOfHash (hex: string): string {
  const variant = (Number.parseInt(hex.charAt(16), 16) & 0x3 | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
