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
  /** No more is fetched until what is held was handled. */
  paused = false
  /** Epoch milliseconds at which it was last seen to move, or to have nothing to move for. */
  movedAt = Date.now()
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
        acknowledge(next)
      }
    })
  }

  /** Takes what was fetched, but for what is here already: after a rebalance kafkajs goes back to the committed offset. */
  take (messages: readonly KafkaMessage[]): void {
    this.movedAt = Date.now()
    const fresh = messages.map(recordOf).filter(({ offset }) => offset >= this.next)
    this.next = (fresh.at(-1)?.offset ?? this.next - 1) + 1
    this.records.push(fresh)
  }

  /** Aborts the running batch; resolves when its handler has ended. */
  async close (): Promise<void> {
    await this.#delivery.close()
  }
}

/** A message without a value is no record of ours: it has no framing, and ends as a dead letter. */
function recordOf (message: KafkaMessage): ConsumedRecord {
  return { offset: Number(message.offset), timestamp: arrivalOf(message), value: message.value ?? Buffer.alloc(0) }
}
