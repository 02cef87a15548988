import { describe, expect, test } from 'vitest'
import { codecs } from '../../schemas/codecs.ts'
import { decimalToText } from '../../schemas/decimal.ts'
import type { RawWebhook } from '../../schemas/raw-webhooks.ts'
import type { Outcome } from '../../transform/outcome.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { netcoreRaw, netcoreSample, testBusinesses } from '../samples/samples.ts'

const sources = createSources(testBusinesses)
const position = { topic: 'netcore.raw', partition: 0, offset: 7 }
const activities = codecs.activities
const items = codecs.activity_items

function run (batch: unknown, changes: Partial<RawWebhook> = {}): Outcome {
  return transform(netcoreRaw(batch, changes), position, sources, Date.UTC(2024, 0, 10, 12, 0, 1))
}

/** The records of an outcome, as they are after the wire, decimals as text. */
function decoded (outcome: Outcome): { activities: Array<Record<string, unknown>>, items: Array<Record<string, unknown>> } {
  const readable = (value: object): Record<string, unknown> => Object.fromEntries(Object.entries(value).map(([key, field]: [string, unknown]) => [key, Buffer.isBuffer(field) ? decimalToText(field) : field]))
  return {
    activities: outcome.records.flatMap((typed) => typed.record === 'activities' ? [readable(activities.decode(activities.encode(typed.value)))] : []),
    items: outcome.records.flatMap((typed) => typed.record === 'activity_items' ? [readable(items.decode(items.encode(typed.value)))] : [])
  }
}

const activity = (changes: object = {}): Record<string, unknown> => ({
  channel: 'custom_activity', msgid: '2', payload_params: {}, event_params: { ts: 240110173000, activity_id: 2, identity: 'a@example.com' }, ...changes
})

test('a long path over very many parts makes no record many times its size', () => {
  const parts = Object.fromEntries(Array.from({ length: 19_000 }, (_, i) => [`${i}`, 1]))
  const sent = activity({ custom_params: { ['p'.repeat(200)]: parts, small: { a: 1 } } })
  const [{ custom_params: kept } = {}] = decoded(run({ panel: [sent] })).activities as Array<{ custom_params?: Record<string, string> }>
  expect(JSON.stringify(kept).length).toBeLessThan(2 * JSON.stringify(sent).length)
  expect(JSON.parse(kept?.['p'.repeat(200)] ?? '')).toEqual(parts)
  expect(kept).toMatchObject({ 'small.a': '1' })
})

test('the sample of the vendor: every field is in its column', () => {
  const outcome = run(netcoreSample)
  expect(outcome.deadLetters).toEqual([])
  expect(outcome.receipt).toMatchObject({ records: { activities: 1, activity_items: 2 }, dead_letters: 0 })
  const { activities: [first], items: [one, two] } = decoded(outcome)
  const occurredAt = Date.UTC(2018, 11, 12, 12, 7, 8) - 5.5 * 3_600_000
  expect(first).toMatchObject({
    business: 'acme', source: 'acme-netcore', topic: 'custom_activity', delivery_id: null, occurred_at: occurredAt, day: Date.UTC(2018, 11, 12) / 86_400_000, raw_index: 0,
    panel: '<panel_name>', activity_id: '103', ts: 181212120708, channel: 'custom_activity', msgid: '103', webhook_name: 'Test Webhook URL for Automation',
    journey_name: 'act on webhook trigger test1', activity_source: 'web', foreignkey: '<foreignkey>', identity: '<identity>', asset_name: '<name_of_asset_from_smartech>',
    asset_id: 'b001207f68c6e40519b5b2c7fb055930', guid: '2a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8',
    att_params: { CITY: 'Thane&Kalyan', STATE: 'Maharashtra11' }, custom_params: {}, payload_params: {}, extra: {}
  })
  expect(one).toMatchObject({
    event_id: first?.['event_id'], item_index: 0, activity_id: '103', ts: 181212120708, occurred_at: occurredAt, identity: '<identity>', guid: '2a867f6d-cb7f-4fb7-8da4-02a5d5dd1bd8',
    prid: '157', prqt: '1', price: '9990.91', name: 'sarvesh12345', category: 'lifestyle', dateofpurchase: '2018-12-06 17:11:30', brand: null, extra: { bydemand_s: 'sarvesh' }
  })
  expect(two).toMatchObject({ item_index: 1, prqt: '2', name: 'sarvesh' })
})

test('several panels with any number of activities, in order', () => {
  const outcome = run({ one: [activity(), activity({ msgid: 'x' })], none: [], two: [activity()], bare: activity() })
  expect(decoded(outcome).activities.map(({ panel, raw_index: index }) => [panel, index])).toEqual([['one', 0], ['one', 1], ['two', 2], ['bare', 3]])
  expect(outcome.receipt.event_ids).toHaveLength(4)
})

test.each(['[]', '{}', '{"panel":[]}'])('%s has no activities, and a receipt all the same', (body) => {
  expect(run(body)).toMatchObject({ records: [], deadLetters: [], receipt: { event_ids: [], dead_letters: 0 } })
})

test('JSON in place of a form', () => {
  const body = Buffer.from(JSON.stringify({ p: [activity()] }))
  expect(decoded(run('', { body, headers: { 'content-type': 'application/json' } })).activities).toHaveLength(1)
})

test('event ids come from panel and content, not from position, source or order of keys', () => {
  const [one, again, other, elsewhere] = decoded(run({ p: [activity(), Object.fromEntries(Object.entries(activity()).reverse()), activity({ msgid: '3' })], q: [activity()] })).activities
  expect(again?.['event_id']).toBe(one?.['event_id'])
  expect(other?.['event_id']).not.toBe(one?.['event_id'])
  expect(elsewhere?.['event_id']).not.toBe(one?.['event_id'])
})

test('one bad activity in a thousand is one dead letter', () => {
  const batch = Array.from({ length: 1000 }, (_, index) => activity({ msgid: String(index), ...(index === 500 ? { event_params: { ts: 'noon', activity_id: 2 } } : {}) }))
  const outcome = run({ p: batch })
  expect(outcome.records).toHaveLength(999)
  expect(outcome.deadLetters).toMatchObject([{ code: 'FIELD_INVALID', log_index: 500, reason: 'event_params.ts: expected a time as yyMMddHHmmss, got "noon"' }])
  expect(JSON.parse(outcome.deadLetters[0]?.payload.toString() ?? '')).toEqual(batch[500])
})

describe('items', () => {
  const itemsOf = (payload: object): Array<Record<string, unknown>> => decoded(run({ p: [activity({ payload_params: payload })] })).items

  test('by name, with any suffix or none; ids and numbers as numbers or texts', () => {
    expect(itemsOf({ items: [{ prid_i: '157', price_f: '10.50', prqt_d: '2', name: 'n', brand_sm: 'b', size_s: 'XL' }] })).toMatchObject([
      { prid: '157', price: '10.5', prqt: '2', name: 'n', brand: 'b', extra: { size_s: 'XL' } }
    ])
  })

  test('of two keys for one name the first counts, and the other is kept', () => {
    expect(itemsOf({ items: [{ price_s: 1, price: 2 }] })).toMatchObject([{ price: '1', extra: { price: '2' } }])
  })

  test('a single item among the parameters of the activity', () => {
    const outcome = run({ p: [activity({ payload_params: { prid_s: 9, price_s: 5.5, keyword_s: 'shoe' } })] })
    const { activities: [first], items: [item] } = decoded(outcome)
    expect(item).toMatchObject({ prid: '9', price: '5.5', item_index: 0 })
    expect(first?.['payload_params']).toEqual({ prid_s: '9', price_s: '5.5', keyword_s: 'shoe' })
  })

  test('other parameters make no item', () => {
    const outcome = run({ p: [activity({ payload_params: { keyword_s: 'shoe', name: 'x' } })] })
    expect(decoded(outcome)).toMatchObject({ items: [], activities: [{ payload_params: { keyword_s: 'shoe', name: 'x' } }] })
  })

  test.each<[string, object, Array<Record<string, unknown>>]>([
    ['ids, as a product search lists them', { items: [8209, 'sku-1'] }, [{ prid: '8209' }, { prid: 'sku-1' }]],
    ['an object with number keys, as PHP writes an array with a gap', { items: { 0: { prid: '1' }, 2: { prid: '2' } } }, [{ prid: '1' }, { prid: '2' }]],
    ['an object of one item', { items: { prid: '1', price: 2 } }, [{ prid: '1', price: '2' }]],
    ['one id', { items: 'sku-1' }, [{ prid: 'sku-1' }]],
    ['JSON in a text', { items: '[{"prid":"1"},2]' }, [{ prid: '1' }, { prid: '2' }]],
    ['items and what is none', { items: [null, '', { prid: '1' }] }, [{ prid: '1' }]],
    ['no item at all', { items: {} }, []],
    ['nothing', { items: '', prid: '7' }, [{ prid: '7' }]],
    ['prices as people write them', { items: [{ prid: '1', price: '1,299.00' }, { prid: '2', price: '₹1,00,000' }, { prid: '3', price: 'Rs. 12.50' }, { prid: '4', price: '1.299,50 EUR', prqt: '1,000' }] }, [{ price: '1299' }, { price: '100000' }, { price: '12.5' }, { price: '1299.5', prqt: '1000' }]],
    ['a price that is none', { items: [{ prid: '1', price: 'free' }, { prid: '2', price: 3 }] }, [{ prid: '1', price: null, extra: { price: 'free' } }, { prid: '2', price: '3' }]]
  ])('may be %s', (_name, payload, expected) => {
    const outcome = run({ p: [activity({ payload_params: payload })] })
    expect(outcome.deadLetters).toEqual([])
    expect(decoded(outcome).activities).toHaveLength(1)
    expect(decoded(outcome).items).toMatchObject(expected)
  })

  test('an element that is no item stays a parameter of its activity, and a price that cannot be read is counted', () => {
    const outcome = run({ p: [activity({ payload_params: { items: [[1, 2], { prid: '1', price_s: 'free' }, { prid: '2', price: 'gratis' }], page: 'x' } })] })
    expect(decoded(outcome)).toMatchObject({ activities: [{ payload_params: { 'items.0': '[1,2]', page: 'x' } }], items: [{ prid: '1', extra: { price_s: 'free' } }, { prid: '2' }] })
    expect(outcome.receipt).toMatchObject({ records: { activities: 1, activity_items: 2 }, unreadable: { 'activity_items.price': 2 }, dead_letters: 0 })
  })

  test('text that only begins as JSON is a parameter', () => {
    expect(decoded(run({ p: [activity({ payload_params: { items: '[size]' } })] }))).toMatchObject({ items: [], activities: [{ payload_params: { items: '[size]' } }] })
  })
})

describe('a panel that comes twice in one object', () => {
  const body = (text: string) => ({ ...netcoreRaw({}), headers: { 'content-type': 'application/json' }, body: Buffer.from(text) })
  const ids = (text: string): unknown[] => {
    const outcome = transform(body(text), position, sources, 0)
    expect(outcome.deadLetters).toEqual([])
    return decoded(outcome).activities.map(({ panel, msgid }) => [panel, msgid])
  }

  test('has the activities of both', () => {
    expect(ids('{"p":[{"channel":"c","msgid":"1"}],"q":[{"channel":"c","msgid":"2"}], "p" : [{"channel":"c","msgid":"3"},{"channel":"c","msgid":"\\"p\\""}]}')).toEqual([['p', '1'], ['q', '2'], ['p', '3'], ['p', '"p"']])
  })

  test('also in the wrapper of the form', () => {
    expect(ids('{"data":{"p":[{"channel":"c","msgid":"1"}],"p":[{"channel":"c","msgid":"2"}]}}')).toEqual([['p', '1'], ['p', '2']])
    expect(ids('{"data":{"p":[{"channel":"c","msgid":"1"}]},"data":{"q":[{"channel":"c","msgid":"2"}]}}')).toEqual([['p', '1'], ['q', '2']])
  })

  test('the name of a panel elsewhere changes nothing', () => {
    expect(ids('{"p":[{"channel":"p","msgid":"p","custom_params":{"p":"p"}}]}')).toEqual([['p', 'p']])
  })
})

describe('ts', () => {
  const at = (ts: unknown): unknown => decoded(run({ p: [activity({ event_params: { ts } })] })).activities[0]?.['occurred_at']

  test('is read from the clock of the source, as number or text', () => {
    expect(at(240110173000)).toBe(Date.UTC(2024, 0, 10, 12))
    expect(at('240110173000')).toBe(Date.UTC(2024, 0, 10, 12))
    expect(at('090110173000')).toBe(Date.UTC(2009, 0, 10, 12))
  })

  test('absent: the time of arrival stands in', () => {
    expect(at('')).toBe(Date.UTC(2024, 0, 10, 12))
  })

  test.each([241310173000, 240230173000, 240110246000, 1704888000, 1704888000000, -1])('%d is a dead letter', (ts) => {
    expect(run({ p: [activity({ event_params: { ts } })] }).deadLetters).toMatchObject([{ code: 'FIELD_INVALID' }])
  })

  test('the day is that of the business', () => {
    const late = decoded(run({ p: [activity({ event_params: { ts: 240110003000 } })] })).activities[0]
    expect(late?.['day']).toBe(Date.UTC(2024, 0, 10) / 86_400_000)
  })
})

test('other channels, unknown keys and odd maps are kept', () => {
  const { activities: [first] } = decoded(run({ p: [activity({ channel: 'whatsapp', novel: { a: 1 }, att_params: [], custom_params: 'text', event_params: { os: 'android', ts: 240110173000 } })] }))
  expect(first).toMatchObject({ topic: 'whatsapp', channel: 'whatsapp', activity_id: '', att_params: {}, custom_params: {}, extra: { 'novel.a': '1', custom_params: 'text', 'event_params.os': 'android' } })
})

test.each([
  ['{"p":', 'PAYLOAD_MALFORMED'], ['5', 'PAYLOAD_MALFORMED'], ['[1]', 'PAYLOAD_MALFORMED'], ['null', 'PAYLOAD_MALFORMED'],
  ['{"p":5}', 'PAYLOAD_MALFORMED'], ['{"p":[null]}', 'PAYLOAD_MALFORMED'], ['{"p":[[]]}', 'PAYLOAD_MALFORMED'],
  [`{"p":[{"a":${'['.repeat(100)}${']'.repeat(100)}}]}`, 'PAYLOAD_TOO_DEEP'], [`{"p":[{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}]}`, 'PAYLOAD_TOO_DEEP'],
  ['{"p":[{}]}', 'PAYLOAD_MALFORMED'], ['{"p":[{"msgid":"2","event_params":[]}]}', 'PAYLOAD_MALFORMED'],
  [`{"p":[${'0,'.repeat(50_000)}0]}`, 'BATCH_TOO_LARGE'], [`{"p":[{"channel":"c","payload_params":{"items":[${'{},'.repeat(50_000)}{}]}}]}`, 'BATCH_TOO_LARGE']
])('%.40s is a dead letter', (body, code) => {
  const outcome = run(body)
  expect(outcome.records).toEqual([])
  expect(outcome.deadLetters).toMatchObject([{ code }])
})

test('keys named like parts of JavaScript are keys like any other', () => {
  const { activities: [first] } = decoded(run('{"__proto__":[{"event_params":{"ts":240110173000,"__proto__":{"identity":"x"}},"att_params":{"__proto__":"y","constructor":"z"}}]}'))
  expect(first).toMatchObject({ panel: '__proto__', identity: null, extra: { 'event_params.__proto__.identity': 'x' } })
  expect(Object.entries(first?.['att_params'] ?? {})).toContainEqual(['constructor', 'z'])
})
