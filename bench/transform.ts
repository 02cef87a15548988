import type { RawWebhook } from '../schemas/raw-webhooks.ts'
import { encodeReceipt, encodeRecord } from '../transform/message-encoder.ts'
import { createSources } from '../vendors/source.ts'
import { transformEvents } from '../transform/transform.ts'
import type { Figure } from './figure.ts'
import { businesses, netcoreBatches, shopRawRecords } from './sample-data.ts'
import { codecs } from '../schemas/codecs.ts'

const seconds = 4

/** Records a second of one core, from the raw message to the encoded ones: CPU time of this process, which does nothing else. */
export async function benchTransform (): Promise<Figure[]> {
  const shop = shopRawRecords(20_000)
  const cases: ReadonlyArray<readonly [string, readonly RawWebhook[], string?]> = [
    ['Netcore, 300 activities a batch', netcoreBatches(shop, 300), '≥ 80,000 records/s'],
    ['a simulated shop, both vendors', shop],
    ['Nector alone', shop.filter(({ vendor }) => vendor === 'nector')]
  ]
  return cases.map(([what, raws, aim]) => {
    const { records, parsed } = measure(raws)
    return { bench: 'transform', what, value: records, unit: 'records/s/core', ratio: records / parsed, ...(aim === undefined ? {} : { aim }) }
  })
}

/** Records a second, and the records a second that JSON.parse of the same bodies alone would allow. */
function measure (raws: readonly RawWebhook[]): { records: number, parsed: number } {
  const sources = createSources(businesses)
  const messages = raws.map((raw) => codecs.raw_webhooks.encode(raw))
  const position = { topic: 'bench', partition: 0, offset: 0 }
  let records = 0
  const once = (): void => {
    for (const message of messages) {
      const events = transformEvents(codecs.raw_webhooks.decode(message), position, sources, 0)
      let next = events.next()
      for (; next.done !== true; next = events.next()) {
        if (next.value.kind === 'dead-letter') throw new Error(`expected no dead letter, got ${next.value.letter.reason}`)
        for (const record of next.value.records) encodeRecord(record, 0)
        records += next.value.records.length
      }
      encodeReceipt(next.value)
    }
  }
  const texts = raws.map(({ vendor, body }) => vendor === 'nector' ? body.toString() : new URLSearchParams(body.toString()).get('data') ?? '')
  const parse = (): void => { for (const text of texts) JSON.parse(text) }

  once()
  const perRound = records
  const own = rounds(once)
  const bare = rounds(parse)
  return { records: perRound * own, parsed: perRound * bare }
}

/** Rounds a second of CPU. */
function rounds (work: () => void): number {
  const warm = process.cpuUsage()
  while (process.cpuUsage(warm).user < 1_000_000) work()
  const start = process.cpuUsage()
  let count = 0
  for (;;) {
    work()
    count++
    const { user, system } = process.cpuUsage(start)
    if (user + system > seconds * 1e6) return count / ((user + system) / 1e6)
  }
}
