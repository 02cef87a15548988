import { describe, expect, test } from 'vitest'
import { changesOf } from '../../load/changes.ts'
import { splitBySchema } from '../../load/loadable.ts'
import { noPositions } from '../../config/record-positions.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import { codecs } from '../../schemas/codecs.ts'
import { recordNames, type RecordName } from '../../schemas/records.ts'
import { encodeRecord } from '../../transform/message-encoder.ts'
import { transform } from '../../transform/transform.ts'
import { createSources } from '../../vendors/source.ts'
import { nectorRaw, netcoreRaw, testBusinesses } from '../samples/samples.ts'

/** What rows of a record change, as the transform makes them of webhooks. */
function readAll (record: RecordName, ...raws: readonly RawWebhook[]) {
  const values = raws.flatMap((raw, offset) => transform(raw, { topic: 'raw', partition: 0, offset }, createSources(testBusinesses), 0).records).filter((one) => one.record === record).map((one) => encodeRecord(one, 0).value)
  const { runs: [run] } = splitBySchema({ topic: record, partition: 0, records: values.map((value, offset) => ({ offset, timestamp: 7, value })), signal: new AbortController().signal }, codecs[record].writerSchemas, noPositions)
  if (run === undefined) throw new Error(`expected rows of ${record}`)
  const read = changesOf(record)
  return { read: () => read?.(run, 'token', 7), first: read?.(run, 'token', 7) }
}

const keysByKind = (changes: ReturnType<typeof readAll>['first']): unknown => Object.fromEntries((changes?.changes ?? []).map(({ kind, keys }) => [kind, keys]))

test('tables that no figure follows from change nothing', () => {
  expect(recordNames.filter((record) => changesOf(record) === undefined)).toEqual(['activity_items', 'raw_webhooks', 'receipts', 'dead_letters', 'changes'])
})

describe('what rows change', () => {
  test('coins: their records, and what ties their members', () => {
    const { first } = readAll('coin_transactions', nectorRaw('walletreward_create', { hash: 'h', lead_id: 'L', user_customer_id: 'shopify-7', amount: 1, operation: 'cr' }))
    expect(keysByKind(first)).toEqual({ identifiers: ['customer:7', 'nector:L'], coins: ['h'] })
    expect(first?.changes).toMatchObject([{ business: 'acme', arrived_at: 7, state: 0 }, { business: 'acme', arrived_at: 7, state: 0 }])
  })

  test('referrals: their records, and what ties either side', () => {
    const { first } = readAll('referrals', nectorRaw('refereenotify_create', { _id: 'r', referred_by_lead_id: 'A', referred_by_eid: 'ea', referred_to_lead_id: 'B', referred_to_mid: 'mb' }))
    expect(keysByKind(first)).toEqual({ identifiers: ['email:ea', 'nector:A', 'mobile:mb', 'nector:B'], referrals: ['r'] })
  })

  test('activities: the day of the vendor\'s own time, and devices that were seen with an identity', () => {
    const activity = (ts: number | undefined, identity: string, guid: string) => ({ channel: 'custom_activity', event_params: { ts, activity_id: 2, identity, guid } })
    const { first } = readAll('activities', netcoreRaw({ p: [activity(240110235959, 'a@example.com', 'g1'), activity(240111000000, '', 'g2'), activity(undefined, '', 'g3')] }))
    expect(keysByKind(first)).toEqual({ activities: ['2024-01-10', '2024-01-11'], devices: ['g1'] })
  })
})

test('one insert has one id for each kind, whoever reads it again; another insert has others', () => {
  const order = nectorRaw('order_create', { reference_order_id: '1', lead_id: 'L', user_email: 'a@example.com' })
  const ids = ({ first }: ReturnType<typeof readAll>): unknown => first?.changes.map(({ change_id: id }) => id)
  expect(ids(readAll('orders', order))).toEqual(ids(readAll('orders', order)))
})

test('what ties identifiers is told once; until it is told it is read again', () => {
  const { read, first } = readAll('orders', nectorRaw('order_create', { reference_order_id: '1', lead_id: 'L', user_email: 'a@example.com' }))
  expect(Object.keys(keysByKind(read()) as object)).toEqual(['identifiers', 'orders'])
  first?.told()
  expect(keysByKind(read())).toEqual({ orders: ['1'] })
})

test('a row that is no Avro record changes nothing, and hides no other', () => {
  const values = [1, 2].map((id) => transform(nectorRaw('order_create', { reference_order_id: String(id) }), { topic: 'raw', partition: 0, offset: id }, createSources(testBusinesses), 0).records.map((one) => encodeRecord(one, 0).value)[0] ?? Buffer.alloc(0))
  const { runs: [run] } = splitBySchema({ topic: 'orders', partition: 0, records: values.map((value, offset) => ({ offset, timestamp: 7, value: offset === 0 ? value.subarray(0, 40) : value })), signal: new AbortController().signal }, codecs.orders.writerSchemas, noPositions)
  if (run === undefined) throw new Error('expected rows')
  expect(keysByKind(changesOf('orders')?.(run, 'token', 7))).toEqual({ orders: ['2'] })
})
