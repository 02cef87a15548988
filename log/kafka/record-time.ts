import type { IHeaders, KafkaMessage, Message } from 'kafkajs'

/**
 * When the webhook arrived is Kafka's own timestamp of a record, but for one thing: retention counts from it. What is transformed again long
 * after its webhook arrived must not be old at birth, so it has the time of the append there, and its arrival in a header. So has a record that
 * arrived in the future, as a clock was set back: brokers refuse a timestamp that lies too far ahead.
 */
const arrivalHeader = 'received-at'
/** An arrival that lies further back than this goes into the header. */
const nearMs = 3_600_000

/** Timestamp and headers of a message, in kafkajs's form. `arrivedAt` and `now` are epoch milliseconds. */
export function timeFields (arrivedAt: number, now: number): Pick<Message, 'timestamp' | 'headers'> {
  return arrivedAt <= now && now - arrivedAt <= nearMs ? { timestamp: String(arrivedAt) } : { timestamp: String(now), headers: { [arrivalHeader]: String(arrivedAt) } }
}

/** Epoch milliseconds of the arrival. */
export function arrivalOf ({ headers, timestamp }: Pick<KafkaMessage, 'headers' | 'timestamp'>): number {
  const header = onlyOf(headers)
  const arrivedAt = Number(header)
  return header !== undefined && Number.isSafeInteger(arrivedAt) ? arrivedAt : Number(timestamp)
}

function onlyOf (headers: IHeaders | undefined): string | undefined {
  const value = headers?.[arrivalHeader]
  const first = Array.isArray(value) ? value[0] : value
  return first === undefined ? undefined : String(first)
}
