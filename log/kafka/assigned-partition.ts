import type { KafkaMessage } from 'kafkajs'
import type { BatchHandler, ConsumedRecord, ConsumeOptions } from '../log-consumer.ts'
import { PartitionDelivery } from '../partition-delivery.ts'
import { FetchedRecords } from './fetched-records.ts'
import { arrivalOf } from './record-time.ts'

export interface AssignedPartitionOptions {
  /** Topic name without the prefix. */
  readonly topic: string
  readonly partition: number
  readonly position: number
  readonly options: ConsumeOptions
  readonly handler: BatchHandler
  readonly acknowledge: (next: number) => void
}

/** A partition assigned to this process: its fetched records, and the delivery that hands them to the handler. */
export class AssignedPartition {
  /** Offset of the next fetch. */
  next: number
  /** Offset after the last acknowledged record; undefined before the first. */
  acknowledged: number | undefined
  /** Fetching is paused until held records were handled. */
  paused = false
  /** When it last advanced, or had nothing to advance for; milliseconds of the monotonic clock. */
  movedAt = performance.now()
  /** The expected offset at which a fetch was repeated because it started further on. */
  repeatedAt: number | undefined
  readonly records = new FetchedRecords()
  readonly #delivery: PartitionDelivery

  constructor ({ topic, partition, position, options, handler, acknowledge }: AssignedPartitionOptions) {
    this.next = position
    this.#delivery = new PartitionDelivery({
      topic,
      partition,
      position,
      options,
      handler,
      reader: this.records,
      acknowledge: (next) => {
        this.records.drop(next)
        this.acknowledged = next
        acknowledge(next)
      }
    })
  }

  /** Adds fetched records, except those that are held already: after a rebalance kafkajs returns to the committed offset. */
  take (messages: readonly KafkaMessage[], lastOffset: number): void {
    this.records.push(messages.filter(({ offset }) => Number(offset) >= this.next).map(recordOf))
    this.skipTo(lastOffset + 1)
  }

  /** Offsets before this one are not fetched any more. */
  skipTo (next: number): void {
    this.movedAt = performance.now()
    this.next = Math.max(this.next, next)
  }

  /** Aborts the running batch; resolves when its handler has ended. */
  async close (): Promise<void> {
    await this.#delivery.close()
  }
}

/**
 * The value is copied: kafkajs hands over a view of the broker's whole response, which one small record would keep in memory. A
 * message without a value has no framing, and becomes a dead letter.
 */
function recordOf (message: KafkaMessage): ConsumedRecord {
  return { offset: Number(message.offset), timestamp: arrivalOf(message), value: Buffer.from(message.value ?? '') }
}
