import { describe, expect, test } from 'vitest'
import { codecs } from '../../schemas/codecs.ts'
import { decimalToText } from '../../schemas/decimal.ts'
import { records, type EventRecord } from '../../schemas/records.ts'
import type { TypedRecordOf } from '../../vendors/event-outcome.ts'
import { knownNectorTopics } from '../../vendors/nector/event.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import type { Outcome } from '../../transform/outcome.ts'
import { nectorCommon, nectorRaw, nectorSamples, testBusinesses, topicOfSample } from '../samples/samples.ts'

const sources = createSources(testBusinesses)
const position = { topic: 'nector.raw', partition: 0, offset: 42 }
const now = Date.UTC(2024, 0, 10, 12, 0, 1)
const run = (topic: string | null, payload: unknown, changes = {}): Outcome => transform(nectorRaw(topic, payload, changes), position, sources, now)

/** The only record of an outcome, as it is after the wire. */
function only (outcome: Outcome): { record: EventRecord, value: Record<string, unknown> } {
  expect(outcome.deadLetters.map(({ code, reason }) => ({ code, reason }))).toEqual([])
  expect(outcome.records).toHaveLength(1)
  const [typed] = outcome.records
  if (typed === undefined) throw new Error('expected a record')
  return { record: typed.record, value: afterTheWire(typed) }
}

function afterTheWire<R extends EventRecord> ({ record, value }: TypedRecordOf<R>): Record<string, unknown> {
  return { ...codecs[record].decode(codecs[record].encode(value)) }
}

function flatten (payload: Readonly<Record<string, unknown>>): Array<[string, unknown]> {
  return Object.entries(payload).flatMap(([key, value]) => key === 'meta' ? Object.entries(value as object).map(([k, v]): [string, unknown] => [`meta_${k}`, v]) : [[key, value]])
}

/** What a column should hold, worked out from the sample alone. */
function plain (value: unknown): unknown {
  return Buffer.isBuffer(value) ? decimalToText(value) : value
}

const tables: Record<string, EventRecord> = {
  lead_create: 'leads',
  lead_update: 'leads',
  coupon_create: 'coupons',
  coupon_update: 'coupons',
  unusedcouponrequest_create: 'coupons',
  walletreward_create: 'coin_transactions',
  wallettrasaction_update: 'coin_transactions',
  unusedwalletcoinrequest_create: 'coin_transactions',
  review_create: 'reviews',
  review_update: 'reviews',
  order_create: 'orders',
  order_update: 'orders',
  reviewrequest_create: 'review_requests',
  refereenotify_create: 'referrals',
  referrernotify_create: 'referrals',
  referrernotify_create_coupon: 'referrals',
  incompletereferralrequest_create: 'referrals',
  coinexpirynotify_create: 'coin_expiries'
}

describe('the samples of the vendor', () => {
  test('cover every topic that has a record of its own, but for the spelling that may come one day', () => {
    expect([...new Set(Object.keys(nectorSamples).map(topicOfSample)), 'wallettransaction_update'].sort()).toEqual([...knownNectorTopics].sort())
    expect(Object.keys(nectorSamples).sort()).toEqual(Object.keys(tables).sort())
  })

  test.each(Object.entries(nectorSamples))('%s: every field is in its column', (name, sample) => {
    const payload = { ...nectorCommon, ...sample }
    const { record, value } = only(run(topicOfSample(name), payload))
    expect(record).toBe(tables[name])
    expect(value['extra']).toEqual({})
    for (const [field, given] of flatten(payload)) {
      const got = plain(value[field])
      const isoTime = typeof given === 'string' && /^\d{4}-\d\d-\d\dT/.test(given)
      const expected = given === '' || given === null ? null : isoTime ? Date.parse(given) : given
      if (typeof expected === 'number' && typeof got === 'string') expect(got, field).toBe(String(expected))
      else if (typeof got === 'string') expect(got, field).toBe(String(expected))
      else expect(got, field).toBe(expected)
    }
  })

  test('every column of a table is filled by one of the samples, or is a column that no sample fills', () => {
    const filled = new Map<EventRecord, Set<string>>()
    for (const [name, sample] of Object.entries(nectorSamples)) {
      const full = Object.fromEntries(flatten({ ...nectorCommon, ...sample }))
      const { record, value } = only(run(topicOfSample(name), { ...nectorCommon, ...sample }))
      const seen = filled.get(record) ?? new Set()
      for (const field of Object.keys(value)) if (field in full) seen.add(field)
      filled.set(record, seen)
    }
    for (const [record, seen] of filled) {
      const rest = Object.entries(records[record].fields).flatMap(([field, { sent }]) => sent && !seen.has(field) ? [field] : [])
      // the expiry notice names no customer in the vendor's document, but must be able to
      expect(rest, record).toEqual(record === 'coin_expiries' ? ['entity_id', 'lead_id'] : [])
    }
  })

  test('begin with the columns that every event has', () => {
    const { value } = only(run('order_create', { ...nectorCommon, ...nectorSamples['order_create'] }))
    expect(value).toMatchObject({
      business: 'acme', source: 'acme-nector', topic: 'order_create', delivery_id: 'delivery-1', raw_topic: 'nector.raw', raw_partition: 0, raw_offset: 42, raw_index: 0,
      received_at: Date.UTC(2024, 0, 10, 12), occurred_at: Date.parse('2023-05-26T07:49:06.277Z'), day: Date.UTC(2023, 4, 26) / 86_400_000, created_day: Date.UTC(2023, 4, 26) / 86_400_000
    })
    expect(value['event_id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('business keys', () => {
  test.each([
    ['lead_create', { customer_id: 'shopify-1', eid: 'e' }, 'shopify-1'],
    ['lead_create', { customer_id: '', eid: 'e' }, 'e'],
    ['lead_create', { _id: 'own', customer_id: 'shopify-1' }, 'own'],
    ['lead_create', { mid: 'm', mobile: '+91 98765 43210' }, 'm'],
    ['lead_create', { mobile: '+91 98765 43210' }, '+91 98765 43210'],
    ['coupon_create', { reference_coupon_source: 'shopify', reference_coupon_id: '1::2', value: 'CODE' }, 'shopify:1::2'],
    ['coupon_create', { reference_coupon_source: 'shopify', reference_coupon_id: '', value: 'CODE' }, 'CODE'],
    ['order_update', { reference_order_source: 'shopify', reference_order_id: 5372 }, 'shopify:5372'],
    ['walletreward_create', { hash: 'h1', amount: 1, operation: 'cr' }, 'h1'],
    ['review_create', { lead_id: 'l', reference_product_source: 'shopify', reference_product_id: '8', created_at: '2023-05-26T07:46:19.936Z' }, 'l:shopify:8:2023-05-26T07:46:19.936Z'],
    ['refereenotify_create', { _id: 'r1' }, 'r1'],
    ['refereenotify_create', { referred_by_lead_id: 'a', referred_to_lead_id: 'b' }, 'a:b']
  ])('%s %j', (topic, payload, key) => {
    expect(only(run(topic, payload)).value['record_key']).toBe(key)
  })

  test('a coin transaction without a hash keeps its key when its status changes, and not when its amount does', () => {
    const transaction = { lead_id: 'l', operation: 'cr', type: 'reward', amount: 5, title: 't', created_at: '2023-05-18T06:37:57.506Z', status: 'pending', updated_at: '2023-05-18T06:37:57.506Z' }
    const key = (changes: object): unknown => only(run('walletreward_create', { ...transaction, ...changes })).value['record_key']
    expect(key({ status: 'success', updated_at: '2023-05-19T06:37:57.506Z' })).toBe(key({}))
    expect(key({ amount: '5.0' })).toBe(key({}))
    expect(key({ amount: 6 })).not.toBe(key({}))
    // without the time of creation only the whole content tells one from another
    expect(key({ created_at: '', closing_balance: 10 })).not.toBe(key({ created_at: '', closing_balance: 20 }))
    expect(key({ created_at: '', closing_balance: 10 })).toBe(key({ created_at: '', closing_balance: 10 }))
  })
})

describe('event ids', () => {
  const id = (topic: string, payload: unknown, changes = {}): unknown => only(run(topic, payload, changes)).value['event_id']

  test('come from source, topic and delivery id', () => {
    expect(id('lead_create', { a: 1 })).toBe(id('lead_create', { a: 2 }))
    expect(id('lead_create', { a: 1 })).not.toBe(id('lead_update', { a: 1 }))
    expect(id('lead_create', { a: 1 })).not.toBe(id('lead_create', { a: 1 }, { delivery_id: 'delivery-2' }))
  })

  test('come from the content where there is no delivery id, in whatever order it is written', () => {
    expect(id('lead_create', '{"a":1,"b":2}', { delivery_id: null })).toBe(id('lead_create', '{"b":2,"a":1}', { delivery_id: null }))
    expect(id('lead_create', { a: 1 }, { delivery_id: null })).not.toBe(id('lead_create', { a: 2 }, { delivery_id: null }))
  })
})

describe('values', () => {
  const order = (payload: object): Record<string, unknown> => only(run('order_create', payload)).value

  test.each([
    [849.54, '849.54'], ['849.54', '849.54'], [' 7 ', '7'], [0, '0'], ['0.1', '0.1'], [-3, '-3'], ['1e3', '1000'], ['900719925474099.25', '900719925474099.25'], ['1000000000000000', '1000000000000000'], ['', null], [null, null]
  ])('money %j is %j', (given, expected) => {
    expect(plain(order({ fiat_amount: given })['fiat_amount'])).toBe(expected)
  })

  test('numbers keep all their digits, even those that a double has not', () => {
    const outcome = run('order_create', '{"reference_order_id": 9007199254740993, "fiat_amount": 90071992547409.931234, "fiat_tax":1e3}')
    const { value } = only(outcome)
    expect(value['reference_order_id']).toBe('9007199254740993')
    expect(plain(value['fiat_amount'])).toBe('90071992547409.931234')
    expect(plain(value['fiat_tax'])).toBe('1000')
  })

  test('a decimal with more places than the column is rounded, and kept as sent in extra', () => {
    const { value } = only(run('order_create', { fiat_tax: 129.58983050847456, fiat_amount: 849.54, meta: { coin_spent: 0.30000000000000004 } }))
    expect(plain(value['fiat_tax'])).toBe('129.5898305085')
    expect(plain(value['meta_coin_spent'])).toBe('0.3')
    expect(value['extra']).toEqual({ fiat_tax: '129.58983050847456', 'meta.coin_spent': '0.30000000000000004' })
  })

  test.each([
    ['2023-05-26T07:49:06.277Z', Date.UTC(2023, 4, 26, 7, 49, 6, 277)], ['2023-05-26T13:19:06+05:30', Date.UTC(2023, 4, 26, 7, 49, 6)], ['2023-05-26 07:49:06', Date.UTC(2023, 4, 26, 7, 49, 6)],
    ['2023-05-26', Date.UTC(2023, 4, 26)], [1685087346, 1685087346000], ['1685087346277', 1685087346277]
  ])('time %j', (given, expected) => {
    expect(order({ created_at: given })['created_at']).toBe(expected)
  })

  test('unknown fields are kept by path, also those named like parts of JavaScript', () => {
    const { value } = only(run('order_create', '{"campaign":{"name":"diwali","tags":["a","b"]},"gift":true,"__proto__":{"x":1},"constructor":"c","meta":{"unheard":"of"},"none":null,"event_id":"mine"}'))
    expect(value['extra']).toEqual({ 'campaign.name': 'diwali', 'campaign.tags': '["a","b"]', gift: 'true', '__proto__.x': '1', constructor: 'c', 'meta.unheard': 'of', none: '', event_id: 'mine' })
    expect(value['event_id']).not.toBe('mine')
  })

  test('a long key over many parts is not written out for each of them', () => {
    const long = 'k'.repeat(300)
    const { value } = only(run('order_create', { [long]: { a: { b: 1 }, c: [2] }, deep: { [long]: { d: 3 } } }))
    expect(value['extra']).toEqual({ [long]: '{"a":{"b":1},"c":[2]}', [`deep.${long}`]: '{"d":3}' })
  })

  test('a meta that is no object is kept whole', () => {
    expect(order({ meta: 'text' })['extra']).toEqual({ meta: 'text' })
    expect(order({ meta: '' })['extra']).toEqual({ meta: '' })
  })

  test('texts may come as numbers, truth values and objects', () => {
    expect(order({ reference_order_id: 5372084388133, utm_source: false, lead_id: { a: 1 } })).toMatchObject({ reference_order_id: '5372084388133', utm_source: 'false', lead_id: '{"a":1}' })
  })
})

describe('unknown topics', () => {
  test.each(['viptier_create', 'anything', '__proto__', 'constructor'])('%s is kept whole', (topic) => {
    const { record, value } = only(run(topic, { tier: 'gold', nested: { n: 1 }, user_balance: 'none' }))
    expect(record).toBe('other_events')
    expect(value).toMatchObject({ topic, extra: { tier: 'gold', 'nested.n': '1', user_balance: 'none' }, occurred_at: 1704888000000 })
  })
})

describe('a value that cannot be read is null, kept as sent, and counted; its record is there', () => {
  test.each<[string, string, string, string]>([
    ['order_create', '{"fiat_amount":1e308}', 'fiat_amount', '1e308'],
    ['order_create', '{"fiat_amount":1e400}', 'fiat_amount', '1e400'],
    ['order_create', '{"fiat_amount":"1000000000000001"}', 'fiat_amount', '1000000000000001'],
    ['order_create', '{"fiat_amount":"abc"}', 'fiat_amount', 'abc'],
    ['order_create', '{"fiat_amount":[]}', 'fiat_amount', '[]'],
    ['order_create', '{"fiat_amount":"5%"}', 'fiat_amount', '5%'],
    ['order_create', '{"meta":{"coin_spent":"many"}}', 'meta.coin_spent', 'many'],
    ['order_create', '{"created_at":"yesterday"}', 'created_at', 'yesterday'],
    ['order_create', '{"created_at":"2023-02-30"}', 'created_at', '2023-02-30'],
    ['order_create', '{"created_at":1e300}', 'created_at', '1e300'],
    ['order_update', '{"updated_at":"0000-00-00 00:00:00"}', 'updated_at', '0000-00-00 00:00:00'],
    ['coupon_create', '{"expire":"9999-12-31T00:00:00Z"}', 'expire', '9999-12-31T00:00:00Z'],
    ['review_create', '{"rating":"five"}', 'rating', 'five'],
    ['refereenotify_create', '{"completed_at":"soon","created_at":"long ago"}', 'created_at', 'long ago'],
    ['coinexpirynotify_create', '{"wallet":{"expiry":{"amount":"all"}}}', 'wallet.expiry.amount', 'all'],
    ['lead_create', '{"accept_email":"perhaps"}', 'accept_email', 'perhaps']
  ])('%s %s', (topic, body, path, kept) => {
    const outcome = run(topic, body)
    expect(outcome.deadLetters).toEqual([])
    const { record, value } = only(outcome)
    expect(value['extra']).toMatchObject({ [path]: kept })
    expect(outcome.receipt).toMatchObject({ dead_letters: 0, records: { [record]: 1 } })
    // what no field reads is nothing that could not be read
    if (!path.startsWith('wallet.')) expect(outcome.receipt.unreadable).toEqual({ [`${record}.${path}`]: 1 })
  })

  test('an order whose last change has no time is dated by its creation', () => {
    const { value } = only(run('order_update', { updated_at: '0000-00-00 00:00:00', created_at: '2024-01-02T03:04:05Z', fiat_amount: '5' }))
    expect(value).toMatchObject({ updated_at: null, occurred_at: Date.UTC(2024, 0, 2, 3, 4, 5) })
    expect(plain(value['fiat_amount'])).toBe('5')
  })
})

describe('dead letters', () => {
  test.each([
    ['order_create', '{"a":', 'PAYLOAD_MALFORMED', /expected JSON/],
    ['order_create', '[1]', 'PAYLOAD_MALFORMED', /expected an object, got an array/],
    ['order_create', '[]', 'PAYLOAD_MALFORMED', /expected an object, got an array/],
    ['order_create', 'null', 'PAYLOAD_MALFORMED', /expected an object/],
    ['order_create', `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'PAYLOAD_TOO_DEEP', /at most 32 levels/],
    ['order_create', `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 'PAYLOAD_TOO_DEEP', /at most 32 levels/],
    [null, '{}', 'TOPIC_MISSING', /x-nector-topic/],
    ['walletreward_create', '{"operation":"cr"}', 'FIELD_INVALID', /amount: expected a number, got nothing/],
    ['walletreward_create', '{"amount":-5,"operation":"cr"}', 'FIELD_INVALID', /amount: expected a decimal number that is not negative, got -5/],
    ['walletreward_create', '{"amount":"a lot","operation":"cr"}', 'FIELD_INVALID', /^amount: expected a decimal number that is not negative, got "a lot"$/],
    ['walletreward_create', '{"amount":9e27,"operation":"cr"}', 'FIELD_INVALID', /^amount: expected a number of at most 1000000000000000, got "9e27"$/],
    ['walletreward_create', '{"amount":5,"operation":"transfer"}', 'FIELD_INVALID', /operation: expected cr or dr, got "transfer"/],
    ['walletreward_create', '{"amount":5}', 'FIELD_INVALID', /operation: expected cr or dr, got nothing/]
  ])('%s %.60s', (topic, body, code, reason) => {
    const outcome = run(topic, body)
    expect(outcome.records).toEqual([])
    expect(outcome.receipt).toMatchObject({ dead_letters: 1, event_ids: [], records: {} })
    const [letter] = outcome.deadLetters
    expect(letter).toMatchObject({ stage: 'transform', code, source: 'acme-nector', topic, log_topic: 'nector.raw', log_partition: 0, log_offset: 42 })
    expect(letter?.reason).toMatch(reason)
    expect(letter?.payload.toString()).toBe(body)
  })

  test('a source that is configured no more', () => {
    expect(run('lead_create', {}, { source: 'gone' }).deadLetters).toMatchObject([{ code: 'SOURCE_NOT_CONFIGURED' }])
  })

  test('NUL and lone surrogates are text like any other', () => {
    expect(only(run('lead_create', '{"name":"a\\u0000b\\ud800","x\\udc00":"\\ud83d\\ude00"}')).value).toMatchObject({ name: 'a\u0000b\ufffd', extra: { 'x\ufffd': '\u{1f600}' } })
  })
})
