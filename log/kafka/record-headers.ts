import type { IHeaders } from 'kafkajs'

/**
 * The arrival of the webhook, in epoch milliseconds as text. The timestamp that Kafka itself keeps is that of the append,
 * as retention counts from it.
 */
const arrivalHeader = 'received-at'

export function headersOf (timestamp: number): IHeaders {
  return { [arrivalHeader]: String(timestamp) }
}

/** `appendedAt`, Kafka's own timestamp, stands in where another producer wrote the record. */
export function timestampOf (headers: IHeaders | undefined, appendedAt: string): number {
  const header = headers?.[arrivalHeader]
  const arrived = Number(Array.isArray(header) ? header[0] : header)
  return header !== undefined && Number.isSafeInteger(arrived) ? arrived : Number(appendedAt)
}
