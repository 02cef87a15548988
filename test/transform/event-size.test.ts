import { describe, expect, test } from 'vitest'
import { maximumValues } from '../../vendors/event-size.ts'
import { parseJson } from '../../vendors/json/parse-json.ts'
import { createSources } from '../../vendors/source.ts'
import { transform } from '../../transform/transform.ts'
import { nectorRaw, netcoreRaw, testBusinesses } from '../samples/samples.ts'

const sources = createSources(testBusinesses)
const position = { topic: 'netcore.raw', partition: 0, offset: 0 }
const mebibyte = 1024 * 1024

const keys = (count: number, name: (index: number) => string): Record<string, number> => Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), 1]))
const many = maximumValues + 1
const sound = { channel: 'c', msgid: 'sound', event_params: { ts: 181212120708, activity_id: '2' } }

describe.each<[string, Record<string, unknown>]>([
  ['keys', { custom_params: keys(many, (index) => `k${index}`) }],
  ['reversed keys', { custom_params: keys(many, (index) => `k${9_999_999 - index}`) }],
  ['keys like integers', { att_params: keys(many, String) }],
  ['unknown keys', keys(many, (index) => `k${index}`)],
  ['keys of the payload', { payload_params: keys(many, (index) => `k${index}`) }],
  ['elements of a list', { custom_params: { a: Array.from({ length: many }, () => 1) } }],
  ['objects of a list', { custom_params: { a: Array.from({ length: many }, () => ({})) } }],
  ['items', { payload_params: { items: Array.from({ length: many / 2 }, () => ({ prid: '1' })) } }],
  ['keys below a wide path', { custom_params: { ['p'.repeat(250)]: keys(many, (index) => `k${index}`) } }]
])('an activity of too many %s', (_name, monster) => {
  const activity = { ...sound, msgid: 'monster', ...monster }

  test('is a dead letter with its content, and the others of its batch are not hurt', () => {
    const { records, deadLetters, receipt } = transform(netcoreRaw({ panel: [sound, activity, { ...sound, msgid: 'behind' }] }), position, sources, 0)
    expect(records.flatMap((typed) => typed.record === 'activities' ? [typed.value.msgid] : [])).toEqual(['sound', 'behind'])
    expect(deadLetters).toMatchObject([{ code: 'EVENT_TOO_LARGE', log_index: 1 }])
    expect(JSON.parse(deadLetters[0]?.payload.toString() ?? '')).toEqual(activity)
    expect(receipt).toMatchObject({ dead_letters: 1, records: { activities: 2 } })
  })

  test('has one letter, however often it is sent', () => {
    const ids = [1, 2].map((offset) => transform(netcoreRaw({ panel: [activity] }), { ...position, offset }, sources, 0).deadLetters[0]?.dead_letter_id)
    expect(new Set(ids).size).toBe(1)
  })
})

test('an activity of as many as there may be is read', () => {
  // its own keys count as well
  const { records, deadLetters } = transform(netcoreRaw({ panel: [{ ...sound, custom_params: keys(maximumValues - 10, (index) => `k${index}`) }] }), position, sources, 0)
  expect([records.length, deadLetters]).toEqual([1, []])
})

test('a Nector event of too many keys is a dead letter with its body', () => {
  const raw = nectorRaw('lead_create', keys(many, (index) => `k${index}`))
  const { records, deadLetters } = transform(raw, position, sources, 0)
  expect(records).toEqual([])
  expect(deadLetters).toMatchObject([{ code: 'EVENT_TOO_LARGE', payload: raw.body }])
})

describe('texts and numbers of megabytes take nothing else with them', () => {
  test.each([
    ['digits', `${'9'.repeat(7 * mebibyte)}`],
    ['a text of escapes beside a long number', `["${'\\n'.repeat(3 * mebibyte)}", 12345678901234567890]`],
    ['a text of quotes', `["${'\\"'.repeat(3 * mebibyte)}", 12345678901234567890]`],
    ['a text of backslashes', `["${'\\\\'.repeat(mebibyte)}", 12345678901234567890]`]
  ])('%s', (_name, json) => {
    expect(parseJson(`{"before":98765432109876543210,"a":${json},"after":1e3}`)).toMatchObject({ before: '98765432109876543210', after: '1e3' })
  })

  test.each([['-'], ['1.'], ['1e'], ['01234567890123456789'], ['+12345678901234567890'], ['1.2.3e12345678901'], ['eeeeeeeeeeeeeeeeeeee']])('%s is still no JSON', (text) => {
    expect(() => parseJson(`{"a":1e5,"b":${text}}`)).toThrow(SyntaxError)
  })

  test('a price of megabytes of digits that is none is no price', () => {
    const body = `{"p":[{"channel":"c","payload_params":{"items":[{"prid":"1","price":"${'9'.repeat(2 * mebibyte)}x"}]}}]}`
    const { records, deadLetters, receipt } = transform({ ...netcoreRaw({}), headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }, position, sources, 0)
    expect(deadLetters).toEqual([])
    expect(records).toHaveLength(2)
    expect(receipt.unreadable).toEqual({ 'activity_items.price': 1 })
  })

  test('an item with such a price costs nothing but the price', () => {
    const body = `{"p":[{"channel":"c","payload_params":{"items":[{"prid":"1","price":${'9'.repeat(2 * mebibyte)}}]}},{"channel":"c","msgid":"sound"}]}`
    const { records, deadLetters } = transform({ ...netcoreRaw({}), headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }, position, sources, 0)
    expect(deadLetters).toEqual([])
    expect(records.flatMap((typed) => typed.record === 'activities' ? [typed.value.msgid] : [])).toEqual([null, 'sound'])
    expect(records.flatMap((typed) => typed.record === 'activity_items' ? [[typed.value.prid, typed.value.price]] : [])).toEqual([['1', null]])
  })
})
