import type { BusinessConfig } from '../../config/businesses.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { rawTopic } from '../../schemas/topics.ts'
import { encodeDeadLetter, encodeReceipt, encodeRecord } from '../../transform/message-encoder.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { createLoading } from '../warehouse/loading.ts'
import type { MigratedWarehouse } from '../warehouse/migrated-warehouse.ts'
import { codecs } from '../../schemas/codecs.ts'

/** Loads webhooks in the order given, as the pipeline would, with one insert a table. */
export type WebhookLoader = (webhooks: readonly RawWebhook[]) => Promise<void>

/**
 * `clockShift`: what the arrivals that pipeline_health counts from (raw webhooks, receipts, dead letters) are moved by, in milliseconds,
 * so that a shop of some day in the past can have had its last webhook just now.
 */
export function createWebhookLoader (warehouse: MigratedWarehouse, businesses: readonly BusinessConfig[], clockShift: number): WebhookLoader {
  const loading = createLoading(warehouse)
  const sources = createSources(businesses)
  let offset = 0

  return async (webhooks) => {
    const byTopic = new Map<string, Buffer[]>()
    const put = (topic: string, value: Buffer): void => { byTopic.set(topic, [...byTopic.get(topic) ?? [], value]) }
    for (const webhook of webhooks) {
      const arrivedAt = webhook.received_at + clockShift
      const { records, deadLetters, receipt } = transform(webhook, { topic: rawTopic[webhook.vendor], partition: 0, offset: offset++ }, sources, arrivedAt)
      put(rawTopic[webhook.vendor], codecs.raw_webhooks.encode({ ...webhook, received_at: arrivedAt }))
      for (const message of [
        ...records.map((record) => encodeRecord(record, 0)),
        ...deadLetters.map((letter) => encodeDeadLetter(letter, 0)),
        encodeReceipt({ ...receipt, received_at: arrivedAt })
      ]) put(message.topic, message.value)
    }
    for (const [topic, values] of byTopic) await loading.load(topic, values)
    await loading.workOut()
  }
}
