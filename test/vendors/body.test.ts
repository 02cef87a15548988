import { describe, expect, it } from 'vitest'
import { readJsonText } from '../../vendors/json/json-text.ts'
import { readNetcoreJson, unwrapNetcoreData } from '../../vendors/netcore/body.ts'

const form = 'application/x-www-form-urlencoded'
const json = 'application/json'
const bom = '\ufeff'

describe('readNetcoreJson reads', () => {
  const batch = '{"p":[{"CITY":"Thane&Kalyan = 100% é € 😀 + \\u0000"}]}'
  const encoded = encodeURIComponent(batch)
  it.each([
    ['a form', form, `data=${encoded}`, batch],
    ['a form with a charset', `${form}; charset=UTF-8`, `data=${encoded}`, batch],
    ['a form named in upper case', form.toUpperCase(), `data=${encoded}`, batch],
    ['plus as space', form, `data=${encoded.replaceAll('%20', '+')}`, batch],
    ['hex in lower case', form, `data=${encoded.replaceAll(/%../g, (escape) => escape.toLowerCase())}`, batch],
    ['every byte escaped', form, `data=${[...Buffer.from(batch)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`, batch],
    ['keys before and after', form, `a=1&mydata=2&data=${encoded}&data2=x&&z`, batch],
    ['as many keys as a form may have', form, `${'&'.repeat(63)}data=${encoded}`, batch],
    ['UTF-8 that is not escaped', form, 'data={"p":["é€"]}', '{"p":["é€"]}'],
    ['an equals sign in the value', form, 'data={"a":"b=c"}', '{"a":"b=c"}'],
    ['a byte order mark in the value', form, `data=%EF%BB%BF${encoded}`, batch],
    ['an empty value', form, 'data=', ''],
    ['a byte order mark before the key', form, `${bom}data=${encoded}`, batch],
    ['an escaped byte order mark before the key', form, `%EF%BB%BFdata=${encoded}`, batch],
    ['blanks before the key', form, `\r\n data=${encoded}`, batch],
    ['a value that is not encoded', form, `data=${batch}`, batch],
    ['a value that is not encoded, with a plus and a percent', form, 'data={"CITY":"Thane&Kalyan","a":"1+1 = 100%"}', '{"CITY":"Thane&Kalyan","a":"1+1 = 100%"}'],
    ['a value that is not encoded, before another key', form, 'data={"a":"x&y"}&b=1', '{"a":"x&y"}'],
    ['a value that is not encoded, with many ampersands', form, `data={"a":"${'&x'.repeat(200)}"}`, `{"a":"${'&x'.repeat(200)}"}`],
    ['a value that is not encoded, behind another key', form, 'a=1&data={"a":"x & y"}', '{"a":"x & y"}'],
    ['a value of which only blanks are encoded', form, 'data={"a":"x+y%20z"}', '{"a":"x y z"}'],
    ['an empty array, escaped', form, 'data=%5B%5D', '[]'],
    ['an empty array in a form without key', form, '[]', '[]'],
    ['JSON that says it is a form', form, ` ${batch}`, ` ${batch}`],
    ['JSON after a byte order mark that says it is a form', form, `${bom}{"a":"&data=1"}`, '{"a":"&data=1"}'],
    ['JSON', json, batch, batch],
    ['JSON with percent and plus in it', json, '{"a":"50%25+1"}', '{"a":"50%25+1"}'],
    ['JSON after a byte order mark', json, `${bom}${batch}`, batch],
    ['what is no JSON', json, 'data=1', 'data=1']
  ])('%s', (_name, type, body, expected) => {
    expect(readNetcoreJson(Buffer.from(body), type)).toBe(expected)
  })

  it.each([
    ['escapes that are no UTF-8', form, Buffer.from('data=%7B%22%E9%22%3A1%7D'), '{"\ufffd":1}'],
    ['a surrogate in escapes', form, Buffer.from('data=%ED%A0%80'), '\ufffd\ufffd\ufffd'],
    ['bytes that are no UTF-8', json, Buffer.from([0x7b, 0xe9, 0x7d]), '{\ufffd}']
  ])('%s as U+FFFD', (_name, type, body, expected) => { expect(readNetcoreJson(body, type)).toBe(expected) })

  it('megabytes', () => {
    const text = JSON.stringify({ p: Array.from({ length: 40_000 }, (_, index) => ({ index, name: 'é& =%+' })) })
    expect(readNetcoreJson(Buffer.from(`data=${encodeURIComponent(text)}`), form)).toBe(text)
  })
})

describe('readNetcoreJson refuses', () => {
  it.each([
    ['nothing', form, Buffer.from('')],
    ['a form without data', form, Buffer.from('datum=%7B%7D')],
    ['data as an array', form, Buffer.from('data[]=%7B%7D')],
    ['two batches in one form', form, Buffer.from('data=%7B%7D&data=%7B%7D')],
    ['one key too many', form, Buffer.from(`data=%7B%7D${'&a=1'.repeat(64)}`)],
    ['megabytes of blanks', form, Buffer.alloc(8 * 1024 * 1024, ' ')],
    ['megabytes of byte order marks', form, Buffer.from(bom.repeat(2 * 1024 * 1024))],
    ['megabytes of empty keys', form, Buffer.from(`data=%7B%7D${'&'.repeat(8 * 1024 * 1024)}`)],
    ['a percent sign at the end', form, Buffer.from('data=%7B%')],
    ['half an escape', form, Buffer.from('data=%7B%7')],
    ['an escape that is not hex', form, Buffer.from('data=%7B%zz')],
    ['two batches that are not encoded', form, Buffer.from('data={"p":[]}&data={"q":[]}')]
  ])('%s', (_name, type, body) => {
    expect(() => readNetcoreJson(body, type)).toThrow(expect.objectContaining({ code: 'BODY_MALFORMED', message: expect.stringMatching(/^expected .*, got /) as string }))
  })
})

it('reads a Nector body less its byte order mark', () => {
  expect(readJsonText(Buffer.from(`${bom}{}`))).toBe('{}')
  expect(readJsonText(Buffer.from(''))).toBe('')
  expect(readJsonText(Buffer.from([0x61, 0xc3]))).toBe('a\ufffd')
})

describe('unwrapNetcoreData', () => {
  it.each([
    ['takes the wrapper off', { data: { p: [1] } }, { p: [1] }],
    ['keeps a panel called data', { data: [1] }, { data: [1] }],
    ['keeps a panel called data with one activity', { data: { msgid: '1', items: [] } }, { data: { msgid: '1', items: [] } }],
    ['keeps data among other panels', { data: { p: [1] }, q: [2] }, { data: { p: [1] }, q: [2] }],
    ['keeps an empty array', [], []],
    ['keeps null', null, null]
  ])('%s', (_name, parsed, expected) => {
    expect(unwrapNetcoreData(parsed)).toEqual(expected)
  })
})
