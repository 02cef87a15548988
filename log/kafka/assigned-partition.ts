import type { KafkaMessage } from 'kafkajs'
import type { BatchHandler, ConsumedRecord, ConsumeOptions } from '../log-consumer.ts'
import { PartitionDelivery } from '../partition-delivery.ts'
import { FetchedRecords } from './fetched-records.ts'
import { arrivalOf } from './record-time.ts'

export interface AssignedPartitionOptions {
  /** Our name of the topic. */
  readonly topic: string
  readonly partition: number
  readonly position: number
  readonly options: ConsumeOptions
  readonly handler: BatchHandler
  readonly acknowledge: (next: number) => void
}

/** A partition that this process reads: what was fetched of it, and the delivery that hands it over. */
export class AssignedPartition {
  /** Offset that is to be fetched next. */
  next: number
  /** Offset after the last record that was acknowledged; undefined where none was yet. */
  acknowledged: number | undefined
  /** No more is fetched until what is held was handled. */
  paused = false
  /** When it was last seen to move, or to have nothing to move for; milliseconds of the monotonic clock. */
  movedAt = performance.now()
  /** Where a fetch was repeated, as it began further on than expected. */
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

  /** Takes what was fetched, but for what is here already: after a rebalance kafkajs goes back to the committed offset. */
  take (messages: readonly KafkaMessage[], lastOffset: number): void {
    this.records.push(messages.filter(({ offset }) => Number(offset) >= this.next).map(recordOf))
    this.skipTo(lastOffset + 1)
  }

  /** Nothing before this offset is to be fetched any more. */
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
 * The value is copied: as it comes it is a view of the whole answer of the broker, which one small record would keep in memory. A
 * message without a value is no record of ours: it has no framing, and ends as a dead letter.
 */
function recordOf (message: KafkaMessage): ConsumedRecord {
  return { offset: Number(message.offset), timestamp: arrivalOf(message), value: Buffer.from(message.value ?? '') }
}
