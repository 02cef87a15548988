import { describe, expect, test } from 'vitest'
import { crc64Avro } from '../../schemas/crc64-avro.ts'
import { readFrame } from '../../schemas/framing.ts'
import { nectorRaw } from '../samples/samples.ts'
import { codecs } from '../../schemas/codecs.ts'

test.each([
  // from the Avro specification's own test vectors for schema fingerprints
  ['"null"', '63dd24e7cc258f8a'],
  ['"int"', '7275d51a3f395c8f'],
  ['"string"', '8f014872634503c7']
])('CRC-64-AVRO of %s', (schema, fingerprint) => {
  expect(crc64Avro(schema).readBigUInt64LE().toString(16).padStart(16, '0')).toBe(fingerprint)
})

describe('a message', () => {
  const raw = nectorRaw('order_create', '{"a":1}')
  const message = codecs.raw_webhooks.encode(raw)

  test('is in single-object encoding', () => {
    expect(message.subarray(0, 2).toString('hex')).toBe('c301')
    expect(message.subarray(2, 10).toString('hex')).toBe(codecs.raw_webhooks.current.fingerprint)
  })

  test('comes back as it was', () => {
    expect(codecs.raw_webhooks.decode(message)).toEqual(raw)
  })

  test('may be larger than any before', () => {
    const large = { ...raw, body: Buffer.alloc(9 * 1024 * 1024, 'x') }
    expect(codecs.raw_webhooks.decode(codecs.raw_webhooks.encode(large)).body.equals(large.body)).toBe(true)
    expect(codecs.raw_webhooks.decode(codecs.raw_webhooks.encode(raw))).toEqual(raw)
  })

  test('does not change when the next is encoded', () => {
    const copy = Buffer.from(message)
    codecs.raw_webhooks.encode({ ...raw, body: Buffer.from('other') })
    expect(message.equals(copy)).toBe(true)
  })

  test.each([
    ['nothing', Buffer.alloc(0), 'FRAME_MALFORMED'],
    ['no framing', Buffer.from('{"json":true}'), 'FRAME_MALFORMED'],
    ['a schema that nobody knows', Buffer.concat([Buffer.from('c3010102030405060708', 'hex'), Buffer.from('x')]), 'SCHEMA_UNKNOWN'],
    ['Confluent framing', Buffer.concat([Buffer.from('0000000007', 'hex'), message.subarray(10)]), 'FRAME_MALFORMED'],
    ['zeros', Buffer.alloc(20), 'FRAME_MALFORMED'],
    ['a zero byte', Buffer.alloc(1), 'FRAME_MALFORMED'],
    ['a cut', message.subarray(0, message.length - 3), 'RAW_RECORD_UNREADABLE'],
    ['too much', Buffer.concat([message, Buffer.from('x')]), 'RAW_RECORD_UNREADABLE']
  ])('%s is told', (_name, bytes, code) => {
    expect(() => codecs.raw_webhooks.decode(bytes)).toThrow(expect.objectContaining({ code }))
  })
})

test('Confluent framing, where no registry is set, is told with the way out', () => {
  expect(() => readFrame(Buffer.from('0000000007aa', 'hex'))).toThrow(expect.objectContaining({ retryable: false, message: expect.stringMatching(/schema id 7, .*; set SCHEMA_REGISTRY_URL/) as string }))
})

test('the fingerprint names the schema', () => {
  const leads = codecs.leads
  expect(leads.writerSchemas.get(leads.current.fingerprint)).toEqual(leads.current)
  expect(readFrame(codecs.raw_webhooks.encode(nectorRaw('t', '{}'))).fingerprint).not.toBe(leads.current.fingerprint)
})
