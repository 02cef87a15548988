/** Fingerprint of the Avro specification (CRC-64-AVRO, Rabin), as the 8 little-endian bytes that single-object encoding carries. */
export function crc64Avro (canonicalSchema: string): Buffer {
  let fingerprint = empty
  for (const byte of Buffer.from(canonicalSchema)) {
    fingerprint = (fingerprint >> 8n) ^ (table[Number((fingerprint ^ BigInt(byte)) & 0xffn)] ?? 0n)
  }
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64LE(fingerprint)
  return bytes
}

const empty = 0xc15d213aa4d7a795n

const table: readonly bigint[] = Array.from({ length: 256 }, (_, index) => {
  let entry = BigInt(index)
  for (let bit = 0; bit < 8; bit++) entry = (entry >> 1n) ^ ((entry & 1n) === 1n ? empty : 0n)
  return entry
})
