import type { LogRecord } from '../../log/log-writer.ts'
import { unknownWebhook } from '../../schemas/dead-letters.ts'
import { changesTopic, rawTopic } from '../../schemas/topics.ts'
import { encodeDeadLetter, encodeReceipt, encodeRecord } from '../../transform/message-encoder.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { nectorRaw, nectorSamples, netcoreRaw, netcoreSample, testBusinesses, topicOfSample } from '../samples/samples.ts'
import { codecs } from '../../schemas/codecs.ts'

/** What the stages write for the vendors' samples: messages for every topic of the log. */
export function sampleMessages (): readonly LogRecord[] {
  const sources = createSources(testBusinesses)
  const raws = [...Object.entries(nectorSamples).map(([name, payload]) => nectorRaw(topicOfSample(name), payload)), nectorRaw('unheard_of', { a: 1 }), netcoreRaw(netcoreSample)]
  return [
    ...raws.flatMap((raw, offset) => {
      const topic = rawTopic[raw.vendor]
      const { records, receipt } = transform(raw, { topic, partition: 0, offset }, sources, 2000)
      return [{ topic, key: raw.raw_id, timestamp: 1000, value: codecs.raw_webhooks.encode(raw) }, ...records.map((record) => encodeRecord(record, 1000)), encodeReceipt(receipt)]
    }),
    encodeDeadLetter({
      dead_letter_id: '2a867f6d-cb7f-8fb7-8da4-02a5d5dd1bd8', ...unknownWebhook, stage: 'load', code: 'FRAME_MALFORMED', reason: 'r', received_at: null, failed_at: 5, log_topic: 'orders', log_partition: 0, log_offset: 3, payload: Buffer.from('00ff', 'hex')
    }, 1000),
    {
      topic: changesTopic, key: 'acme', timestamp: 1000, value: codecs.changes.encode({ change_id: '2a867f6d-cb7f-8fb7-8da4-02a5d5dd1bd8', business: 'acme', kind: 'identifiers', keys: ['email:a', 'nector:b'], arrived_at: 1000, state: 0 })
    }
  ]
}
