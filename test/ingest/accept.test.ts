import { describe, expect, it } from 'vitest'
import { formHeaders, hmac, nectorHeaders, receivedAt, secret, testIngest, token } from './test-ingest.ts'

const nectorUrl = '/webhooks/nector/shop'
const netcoreUrl = '/webhooks/netcore/panel'

describe('an accepted webhook', () => {
  it('is appended as one raw record, byte for byte', async () => {
    const { ingest, log } = testIngest()
    const body = Buffer.from('\ufeff {"a":1.50,  "a":2,"e":"é\\u0000","__proto__":{"x":1},"n":9007199254740993,"big":1e400}\r\n')
    const reply = await ingest.inject({
      method: 'POST',
      url: `${nectorUrl}?token=in-the-url`,
      remoteAddress: '203.0.113.9',
      headers: {
        ...nectorHeaders,
        'content-type': 'application/json; charset=utf-8',
        'X-Nector-Webhook-Secret-Algo': 'sha256',
        'x-nector-webhook-hmac': hmac(body),
        'x-nector-timestamp': '535363633',
        'x-nector-new-secret': 'a credential of tomorrow',
        'x-source': Buffer.from('Zürich').toString('latin1'),
        'user-agent': 'Nector/1',
        authorization: 'Bearer credential',
        cookie: 'a=b',
        'x-other': 'not kept'
      },
      payload: body
    })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['content-type']).toMatch(/^application\/json/)
    expect(reply.body).toBe('{"status":"accepted"}')

    const [webhook, ...others] = log.webhooks()
    expect(others).toEqual([])
    expect(webhook).toEqual({
      raw_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/) as string,
      vendor: 'nector',
      business: 'acme',
      source: 'shop',
      topic: 'lead_create',
      delivery_id: 'delivery-1',
      received_at: receivedAt,
      remote_address: '203.0.113.9',
      hmac: 'valid',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Nector/1',
        'x-source': 'Zürich',
        'x-nector-topic': 'lead_create',
        'x-nector-delivery-id': 'delivery-1',
        'x-nector-timestamp': '535363633',
        'x-nector-webhook-hmac': hmac(body),
        'x-nector-webhook-secret-algo': 'sha256'
      },
      body
    })
    expect(log.records[0]).toMatchObject({ topic: 'nector.raw', key: webhook?.raw_id })
  })

  it('of Netcore has neither topic nor delivery id, and its token is nowhere in the record', async () => {
    const { ingest, log } = testIngest()
    const body = Buffer.from(`x=1&data=${encodeURIComponent('{"p":[{"msgid":"1"}]}')}`)
    const reply = await ingest.inject({
      method: 'POST', url: `${netcoreUrl}?token=${token}`, headers: { ...formHeaders, 'x-nector-topic': 'lead_create', 'x-nector-delivery-id': '1' }, payload: body
    })
    expect(reply.statusCode).toBe(200)
    expect(log.records[0]?.topic).toBe('netcore.raw')
    expect(log.webhooks()[0]).toMatchObject({ vendor: 'netcore', source: 'panel', topic: null, delivery_id: null, hmac: 'off', body })
    expect(log.records[0]?.value.includes(token)).toBe(false)
  })

  it.each([['absent', {}], ['empty', { 'x-nector-topic': ' ', 'x-nector-delivery-id': '' }]])('may have its topic and delivery id %s', async (_name, headers) => {
    const { ingest, log } = testIngest()
    const { 'x-nector-topic': _topic, 'x-nector-delivery-id': _id, ...others } = nectorHeaders
    const reply = await ingest.inject({ method: 'POST', url: nectorUrl, headers: { ...others, ...headers }, payload: '{}' })
    expect(reply.statusCode).toBe(200)
    expect(log.webhooks()[0]).toMatchObject({ topic: null, delivery_id: null })
  })

  it('is not answered before it is durable', async () => {
    const { ingest, log } = testIngest()
    log.hold()
    let answered = false
    const reply = ingest.inject({ method: 'POST', url: nectorUrl, headers: nectorHeaders, payload: '{}' }).then((response) => {
      answered = true
      return response
    })
    await log.asked(1)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(answered).toBe(false)
    log.release()
    expect((await reply).statusCode).toBe(200)
  })
})

describe('bodies that are well-formed, whatever they hold, are accepted', () => {
  const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`
  const large = `{"a":"${'[{\\"'.repeat(20_000)}\\\\","b":[${'[1],'.repeat(20_000)}2]}`
  it.each([
    ['an empty object', '{}'],
    ['duplicate keys', '{"a":1,"a":2}'],
    ['__proto__ and constructor', '{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}'],
    ['numbers no double holds', '{"a":9007199254740993,"b":1e400,"c":-0,"d":0.1000000000000000055}'],
    ['an escaped NUL and half a surrogate pair', '{"a":"\\u0000\\ud800"}'],
    ['nesting beyond every event', deep],
    ['brackets in a long text, and many side by side', large],
    ['whitespace around', '\r\n\t {"a":1} \n']
  ])('%s', async (_name, payload) => {
    const { ingest, log } = testIngest()
    for (const [url, headers] of [[nectorUrl, nectorHeaders], [netcoreUrl, { ...formHeaders, 'content-type': 'application/json' }]] as const) {
      expect((await ingest.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(200)
    }
    const form = `data=${encodeURIComponent(payload)}`
    expect((await ingest.inject({ method: 'POST', url: netcoreUrl, headers: formHeaders, payload: form })).statusCode).toBe(200)
    expect(log.webhooks().map(({ body }) => body.toString())).toEqual([payload, payload, form])
  })
})

it('an address with a slash at its end is the same', async () => {
  const { ingest, log } = testIngest()
  expect((await ingest.inject({ method: 'POST', url: `${nectorUrl}/`, headers: nectorHeaders, payload: '{}' })).statusCode).toBe(200)
  expect((await ingest.inject({ method: 'POST', url: `${netcoreUrl}/?token=${token}`, headers: { 'content-type': 'application/json' }, payload: '{}' })).statusCode).toBe(200)
  expect((await ingest.inject({ method: 'HEAD', url: `${nectorUrl}/` })).statusCode).toBe(200)
  const { statusCode, headers } = await ingest.inject({ method: 'PUT', url: `${nectorUrl}/` })
  expect([statusCode, headers.allow]).toEqual([405, 'POST, HEAD'])
  expect(log.webhooks().map(({ source }) => source)).toEqual(['shop', 'panel'])
})

it('text that is not UTF-8 is accepted, byte for byte', async () => {
  const { ingest, log } = testIngest()
  const payload = Buffer.from('{"name":"é"}', 'latin1')
  expect((await ingest.inject({ method: 'POST', url: nectorUrl, headers: nectorHeaders, payload })).statusCode).toBe(200)
  expect(log.webhooks()[0]?.body.equals(payload)).toBe(true)
})

it('a malformed body that comes again is the same dead letter; where it cannot be kept, the sender is told to come again', async () => {
  const { ingest, log } = testIngest()
  const post = { method: 'POST', url: nectorUrl, headers: nectorHeaders, payload: '{"half":' } as const
  for (let n = 0; n < 2; n++) expect((await ingest.inject(post)).statusCode).toBe(400)
  expect(new Set(log.records.map(({ key }) => key)).size).toBe(1)
  log.fail(new Error('full'))
  expect((await ingest.inject(post)).statusCode).toBe(503)
})

describe('probes of the vendors', () => {
  it.each([nectorUrl, netcoreUrl])('HEAD %s is 200 without credentials and appends nothing', async (url) => {
    const { ingest, log } = testIngest()
    const reply = await ingest.inject({ method: 'HEAD', url })
    expect([reply.statusCode, reply.body]).toEqual([200, ''])
    expect(log.records).toEqual([])
  })

  it.each([
    ['application/json', '[]'],
    ['application/json', ' [ ] '],
    ['application/x-www-form-urlencoded', 'data=[]'],
    ['application/x-www-form-urlencoded', 'data=%5B%5D'],
    ['application/x-www-form-urlencoded', '[]']
  ])('Netcore\'s empty array as %s %s is a webhook like any other', async (type, payload) => {
    const { ingest, log } = testIngest()
    const reply = await ingest.inject({ method: 'POST', url: netcoreUrl, headers: { ...formHeaders, 'content-type': type }, payload })
    expect(reply.statusCode).toBe(200)
    expect(log.webhooks()[0]?.body.toString()).toBe(payload)
  })
})

it('metrics tell what was accepted', async () => {
  const { ingest, registry } = testIngest()
  await ingest.inject({ method: 'POST', url: nectorUrl, headers: { ...nectorHeaders, 'x-nector-webhook-hmac': hmac('{}', secret) }, payload: '{}' })
  const text = await registry.metrics()
  expect(text).toContain('loyalty_ingest_accepted_total{vendor="nector",source="shop"} 1')
  expect(text).toContain('loyalty_ingest_accepted_bytes_total{vendor="nector",source="shop"} 2')
  expect(text).toContain('loyalty_ingest_hmac_total{vendor="nector",source="shop",result="valid"} 1')
  expect(text).toContain('ingest_accept_seconds_count{vendor="nector"} 1')
})
