import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import type { Outcome } from '../../transform/outcome.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { nectorRaw, netcoreRaw, testBusinesses } from '../samples/samples.ts'

let offset = 0
/** As a webhook that has just come: everything of the delivery is new. */
function deliver (raw: RawWebhook, sources = createSources(testBusinesses)): Outcome {
  const received = raw.received_at + 60_000 * offset
  return transform({ ...raw, raw_id: randomUUID(), received_at: received, delivery_id: raw.delivery_id === null ? null : randomUUID() }, { topic: 'raw', partition: offset % 3, offset: offset++ }, sources, received)
}
const idsOf = (outcome: Outcome): string[] => outcome.deadLetters.map(({ dead_letter_id: id }) => id)
/** JSON nested so deeply that it has no canonical text. */
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

const bad = { amount: 'a lot', operation: 'cr', user_email: 'a@example.com' }
const badActivity = { channel: 'x', event_params: { ts: 'noon', activity_id: 2 } }

describe('one bad event is one dead letter, however often it is sent', () => {
  test.each<[string, RawWebhook]>([
    ['a field that is none', nectorRaw('walletreward_create', bad)],
    ['without a delivery id', nectorRaw('walletreward_create', bad, { delivery_id: null })],
    ['no JSON', nectorRaw('lead_create', Buffer.from('{"a":'))],
    ['no UTF-8', nectorRaw('lead_create', Buffer.from([0x7b, 0xff, 0x7d]))],
    ['no object', nectorRaw('lead_create', '[1]')],
    ['no topic', nectorRaw(null, {})],
    ['nested too deep', nectorRaw('lead_create', deep(600))],
    ['nested too deep for a canonical text', nectorRaw('lead_create', deep(9_000))],
    ['a source that is gone', nectorRaw('lead_create', {}, { source: 'gone' })],
    ['an activity of a batch', netcoreRaw({ panel: [badActivity] })],
    ['an activity nested too deep', netcoreRaw(`{"panel":[${deep(9_000)}]}`)],
    ['a batch that is none', netcoreRaw('{"panel":')]
  ])('%s', (_name, raw) => {
    const ids = Array.from({ length: 5 }, () => deliver(raw)).map((outcome) => {
      expect(outcome.receipt).toMatchObject({ event_ids: [], dead_letters: 1, dead_letter_ids: idsOf(outcome) })
      return idsOf(outcome)
    })
    expect(ids[0]).toHaveLength(1)
    expect(new Set(ids.flat()).size).toBe(1)
  })

  test('whatever the order of its fields', () => {
    expect(idsOf(deliver(nectorRaw('walletreward_create', { user_email: 'a@example.com', operation: 'cr', amount: 'a lot' })))).toEqual(idsOf(deliver(nectorRaw('walletreward_create', bad))))
  })

  test('wherever in a batch it comes, and twice in one batch', () => {
    const good = { channel: 'x', event_params: { ts: 240110173000, activity_id: 2 } }
    const [alone] = idsOf(deliver(netcoreRaw({ panel: [badActivity] })))
    const batch = deliver(netcoreRaw({ panel: [good, badActivity, badActivity] }))
    expect(idsOf(batch)).toEqual([alone, alone])
    expect(batch.receipt).toMatchObject({ dead_letters: 2, dead_letter_ids: [alone, alone] })
    expect(batch.receipt.event_ids).toHaveLength(1)
  })
})

test('what differs in source, topic, panel or content is another dead letter', () => {
  const [business] = testBusinesses
  if (business === undefined) throw new Error('expected a business')
  const sources = createSources([{ ...business, nector: [...business.nector, ...business.nector.map((source) => ({ ...source, id: 'second' }))] }])
  const outcomes = [
    deliver(nectorRaw('walletreward_create', bad), sources),
    deliver(nectorRaw('walletreward_create', bad, { source: 'second' }), sources),
    deliver(nectorRaw('wallettrasaction_update', bad), sources),
    deliver(nectorRaw('walletreward_create', { ...bad, user_email: 'b@example.com' }), sources),
    deliver(nectorRaw('lead_create', Buffer.from('{"a":')), sources),
    deliver(nectorRaw('lead_create', Buffer.from('{"b":')), sources),
    deliver(netcoreRaw({ panel: [badActivity] }), sources),
    deliver(netcoreRaw({ other: [badActivity] }), sources),
    deliver(netcoreRaw({ panel: [{ ...badActivity, channel: 'y' }] }), sources)
  ]
  expect(new Set(outcomes.flatMap(idsOf)).size).toBe(outcomes.length)
})
