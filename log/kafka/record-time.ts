import type { IHeaders, KafkaMessage, Message } from 'kafkajs'

/**
 * The arrival of the webhook is Kafka's timestamp of a record, with two exceptions, because retention counts from it. A record that is
 * transformed again long after arrival must not expire at once: it carries the time of the append, and the arrival in a header. The same holds
 * for an arrival in the future, from a clock that was set back: brokers reject timestamps too far ahead.
 */
const arrivalHeader = 'received-at'
/** An older arrival goes into the header. */
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
