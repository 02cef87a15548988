import { eventRecords, type EventRecord, type RecordName } from './records.ts'
import type { Vendor } from './vendors.ts'

export const rawTopic = { nector: 'nector.raw', netcore: 'netcore.raw' } as const satisfies Record<Vendor, string>
export const receiptsTopic = 'receipts'
export const deadLettersTopic = 'dead-letters'
export const changesTopic = 'changes'

export const transformGroup = 'transform'
export const loadGroup = 'load'
export const figuresGroup = 'figures'

/** A topic of the log, the Avro record that it carries (and so the table it is loaded into), and the groups that read it. */
export interface Topic {
  readonly name: string
  readonly record: RecordName
  readonly groups: readonly string[]
}

const loaded = [loadGroup]

export const topics: readonly Topic[] = [
  { name: rawTopic.nector, record: 'raw_webhooks', groups: [transformGroup, loadGroup] },
  { name: rawTopic.netcore, record: 'raw_webhooks', groups: [transformGroup, loadGroup] },
  ...eventRecords.map((record) => ({ name: eventTopic(record), record, groups: loaded })),
  { name: receiptsTopic, record: 'receipts', groups: loaded },
  { name: deadLettersTopic, record: 'dead_letters', groups: loaded },
  { name: changesTopic, record: 'changes', groups: [figuresGroup] }
]

/** Those that are loaded, each into the table of its record. */
export const loadedTopics = topics.filter(({ groups }) => groups.includes(loadGroup))

/** Topic of an event record: the record's own name. */
export function eventTopic (record: EventRecord): string {
  return record
}
