import { describe, expect, it } from 'vitest'
import { AppError } from '../../runtime/errors.ts'
import { errorsByCode } from '../../docs/generate/declared-errors.ts'
import { codecs } from '../../schemas/codecs.ts'
import type { MemoryWriter } from '../support/memory-log.ts'
import { formHeaders, hmac, hmacSecret, nectorHeaders, oldSecret, oldToken, receivedAt, secret, sha256, testIngest, token } from './test-ingest.ts'
import { logErrors } from '../../log/log-errors.ts'
import { schemaErrors } from '../../schemas/schema-errors.ts'

const nectorUrl = '/webhooks/nector/shop'
const netcoreUrl = '/webhooks/netcore/panel'
const body = '{"name":"value"}'
const json = { 'content-type': 'application/json' }

interface Sent { readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS', readonly url?: string, readonly headers?: Record<string, string>, readonly payload?: string | Buffer, readonly remoteAddress?: string }

/** Sends to a new ingest; answers the code of the refusal, or 'accepted'. Whatever is refused must not be in the log. */
/** Of what is refused nothing is kept, but the bytes of an authenticated sender: one dead letter. */
function expectKept ({ records }: Pick<MemoryWriter, 'records'>, payload: Sent['payload']): void {
  if (payload === undefined) {
    expect(records).toEqual([])
    return
  }
  expect(records).toHaveLength(1)
  const [letter] = records.filter(({ topic }) => topic === 'dead-letters').map(({ value }) => codecs.dead_letters.decode(value))
  expect(letter).toMatchObject({ stage: 'ingest', code: 'BODY_MALFORMED', business: 'acme', received_at: receivedAt, reason: expect.stringMatching(/^expected .*, got /) as string, log_offset: -1 })
  expect(letter?.payload.equals(Buffer.from(payload as string))).toBe(true)
}

async function send (sent: Sent, settings: Record<string, unknown> = {}, isAuthentic = true): Promise<{ outcome: string, reply: Awaited<ReturnType<ReturnType<typeof testIngest>['ingest']['inject']>> }> {
  const { ingest, log } = testIngest(settings)
  const reply = await ingest.inject({ method: 'POST', url: nectorUrl, headers: nectorHeaders, payload: body, ...sent })
  if (reply.statusCode === 200) {
    expect(log.records).toHaveLength(1)
    return { outcome: 'accepted', reply }
  }
  expectKept(log, reply.statusCode === 400 && isAuthentic ? sent.payload ?? body : undefined)
  expect(reply.headers['content-type']).toMatch(/^application\/json/)
  const { error, ...others } = reply.json<{ error: { code: string, message: string } }>()
  expect(others).toEqual({})
  expect(error.message).not.toMatch(/node_modules|\.ts:|value|credential/)
  expect(errorsByCode[error.code]?.status).toBe(reply.statusCode)
  return { outcome: error.code, reply }
}

describe('routes', () => {
  it.each<[string, Sent]>([
    ['SOURCE_UNKNOWN', { url: '/webhooks/nector/other' }],
    ['SOURCE_UNKNOWN', { url: '/webhooks/nector/panel' }],
    ['SOURCE_UNKNOWN', { url: '/webhooks/nector/__proto__' }],
    ['SOURCE_UNKNOWN', { url: '/webhooks/netcore/shop', headers: formHeaders }],
    ['ROUTE_UNKNOWN', { url: '/' }],
    ['ROUTE_UNKNOWN', { url: '/webhooks/nector' }],
    ['ROUTE_UNKNOWN', { url: '/webhooks/nector/shop/more' }],
    ['ROUTE_UNKNOWN', { url: '/webhooks/other/shop' }],
    ['ROUTE_UNKNOWN', { url: `/webhooks/nector/${'a'.repeat(65)}` }],
    ['ROUTE_UNKNOWN', { url: '/webhooks/nector/%zz' }],
    ['ROUTE_UNKNOWN', { url: '/other', headers: { 'content-type': 'no type' } }],
    ['ROUTE_UNKNOWN', { url: '/other', headers: json, payload: '{ no JSON' }]
  ])('%s for %j', async (code, sent) => {
    expect((await send(sent)).outcome).toBe(code)
  })

  it.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)('405 with Allow for %s', async (method) => {
    for (const url of [nectorUrl, `${netcoreUrl}?token=${token}`]) {
      const { outcome, reply } = await send({ method, url })
      expect([outcome, reply.headers.allow]).toEqual(['METHOD_NOT_ALLOWED', 'POST, HEAD'])
    }
  })

  it.each(['/livez', '/readyz'])('405 with Allow for POST %s', async (url) => {
    const { outcome, reply } = await send({ url })
    expect([outcome, reply.headers.allow]).toEqual(['METHOD_NOT_ALLOWED', 'GET, HEAD'])
  })

  it('the same for HEAD of an unknown source as of a known one: it needs no credentials', async () => {
    const { ingest } = testIngest()
    const head = async (url: string) => {
      const { statusCode, headers, payload } = await ingest.inject({ method: 'HEAD', url })
      return { statusCode, payload, headers: { ...headers, date: '' } }
    }
    expect(await head('/webhooks/nector/other')).toEqual(await head(nectorUrl))
    expect((await head('/webhooks/nector/other')).statusCode).toBe(200)
  })
})

describe('Nector\'s secret', () => {
  const withSecret = (value: string): Sent => ({ headers: { ...nectorHeaders, 'x-nector-webhook-secret': value } })
  it.each<[string, string, Sent]>([
    ['accepted', 'hex', withSecret(sha256(secret))],
    ['accepted', 'hex in upper case', withSecret(sha256(secret).toUpperCase())],
    ['accepted', 'base64', withSecret(sha256(secret, 'base64'))],
    ['accepted', 'base64 without padding', withSecret(sha256(secret, 'base64').replace('=', ''))],
    ['accepted', 'base64url', withSecret(sha256(secret, 'base64url'))],
    ['accepted', 'the secret before', withSecret(sha256(oldSecret))],
    ['NOT_AUTHENTIC', 'none', { headers: json }],
    ['NOT_AUTHENTIC', 'empty', withSecret('')],
    ['NOT_AUTHENTIC', 'another', withSecret(sha256('other'))],
    ['NOT_AUTHENTIC', 'the secret itself', withSecret(secret)],
    ['NOT_AUTHENTIC', 'half of it', withSecret(sha256(secret).slice(0, 32))],
    ['NOT_AUTHENTIC', 'more than it', withSecret(`${sha256(secret)}00`)],
    ['NOT_AUTHENTIC', 'text as long as it', withSecret('z'.repeat(64))],
    ['NOT_AUTHENTIC', 'a megaphone', withSecret(Buffer.from('é'.repeat(32)).toString('latin1'))],
    ['accepted', 'none, where the source has none', { url: '/webhooks/nector/open', headers: json }]
  ])('%s: %s', async (expected, _name, sent) => {
    expect((await send(sent)).outcome).toBe(expected)
  })
})

describe('HMAC', () => {
  const signed = (signature: string | undefined, algorithm?: string): Record<string, string> => ({
    ...nectorHeaders,
    ...(signature === undefined ? {} : { 'x-nector-webhook-hmac': signature }),
    ...(algorithm === undefined ? {} : { 'x-nector-webhook-hmac-algo': algorithm })
  })
  it.each([
    ['signed', 'valid', signed(hmac(body))],
    ['signed', 'valid', signed(hmac(body).toUpperCase(), 'SHA256')],
    ['signed', 'valid', signed(hmac(body, secret, 'base64'), 'sha256')],
    ['signed', 'valid', signed(hmac(body, secret, 'base64url'))],
    ['signed', 'valid', signed(hmac(body, oldSecret))],
    ['signed', undefined, signed(undefined)],
    ['signed', undefined, signed('')],
    ['signed', undefined, signed('gwgsdfwdv3468')],
    ['signed', undefined, signed(hmac(`${body} `))],
    ['signed', undefined, signed(hmac(body, 'other'))],
    ['signed', undefined, signed(hmac(body), 'sha512')],
    ['signed-apart', 'valid', signed(hmac(body, hmacSecret))],
    ['signed-apart', undefined, signed(hmac(body, secret))],
    ['signed-only', 'valid', { ...json, 'x-nector-webhook-hmac': hmac(body, hmacSecret) }],
    ['signed-only', undefined, json],
    ['shop', 'valid', signed(hmac(body))],
    ['shop', 'absent', signed(undefined)],
    ['shop', 'invalid', signed('gwgsdfwdv3468')],
    ['shop', 'invalid', signed(hmac('other'))],
    ['shop', 'invalid', signed(hmac(body), 'md5')],
    ['unsigned', 'off', signed(hmac(body))],
    ['open', 'off', signed(hmac(body))]
  ])('source %s: %s', async (source, expected, headers) => {
    const { ingest, log } = testIngest()
    const reply = await ingest.inject({ method: 'POST', url: `/webhooks/nector/${source}`, headers, payload: body })
    expect(reply.statusCode).toBe(expected === undefined ? 401 : 200)
    expect(log.webhooks().map((webhook) => webhook.hmac)).toEqual(expected === undefined ? [] : [expected])
  })

  it('is over the bytes, not over what they decode to', async () => {
    const latin1 = Buffer.from('{"name":"é"}', 'latin1')
    // Decoded, this body and its UTF-8 twin with a replacement character would be the same text.
    const { outcome } = await send({ url: '/webhooks/nector/signed', headers: signed(hmac(latin1.toString('utf8'))), payload: latin1 })
    expect(outcome).toBe('NOT_AUTHENTIC')
  })
})

describe('Netcore\'s token', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const basic = (pair: string): Record<string, string> => ({ ...form, authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
  const payload = 'data=%7B%7D'
  it.each<[string, string, Sent]>([
    ['accepted', 'in the URL', { url: `${netcoreUrl}?token=${token}`, headers: form }],
    ['accepted', 'in the URL among others', { url: `${netcoreUrl}?a=1&token=${encodeURIComponent(oldToken)}&b`, headers: form }],
    ['accepted', 'in the URL, with a plus that was not escaped', { url: `${netcoreUrl}?token=${oldToken}`, headers: form }],
    ['accepted', 'Bearer', { url: netcoreUrl, headers: { ...form, authorization: `Bearer ${token}` } }],
    ['accepted', 'bearer in lower case', { url: netcoreUrl, headers: { ...form, authorization: `bearer  ${oldToken}` } }],
    ['accepted', 'Basic password', { url: netcoreUrl, headers: basic(`user:${token}`) }],
    ['accepted', 'Basic password without user', { url: netcoreUrl, headers: basic(`:${token}`) }],
    ['accepted', 'right in one place of two', { url: `${netcoreUrl}?token=wrong`, headers: basic(`user:${token}`) }],
    ['NOT_AUTHENTIC', 'none', { url: netcoreUrl, headers: form }],
    ['NOT_AUTHENTIC', 'empty', { url: `${netcoreUrl}?token=`, headers: form }],
    ['NOT_AUTHENTIC', 'another', { url: `${netcoreUrl}?token=other`, headers: form }],
    ['NOT_AUTHENTIC', 'as Basic user', { url: netcoreUrl, headers: basic(`${token}:`) }],
    ['NOT_AUTHENTIC', 'Basic that is no base64', { url: netcoreUrl, headers: { ...form, authorization: 'Basic ***' } }],
    ['NOT_AUTHENTIC', 'another scheme', { url: netcoreUrl, headers: { ...form, authorization: `Digest ${token}` } }],
    ['NOT_AUTHENTIC', 'its SHA-256', { url: `${netcoreUrl}?token=${sha256(token)}`, headers: form }],
    ['accepted', 'none, where the source has none', { url: '/webhooks/netcore/open', headers: form }]
  ])('%s: %s', async (expected, _name, sent) => {
    const { outcome, reply } = await send({ payload, ...sent })
    expect(outcome).toBe(expected)
    expect(reply.headers['www-authenticate']).toBe(expected === 'accepted' ? undefined : 'Basic realm="webhooks"')
  })
})

describe('addresses', () => {
  const proxies = { TRUSTED_PROXIES: '10.0.0.0/8,2001:db8:ffff::/48' }
  const from = (source: string, remoteAddress: string, forwarded?: string): Sent => ({
    url: `/webhooks/nector/${source}`,
    remoteAddress,
    headers: forwarded === undefined ? nectorHeaders : { ...nectorHeaders, 'x-forwarded-for': forwarded }
  })
  it.each<[string, Sent]>([
    ['accepted', from('listed', '203.0.113.200')],
    ['accepted', from('listed', '::ffff:203.0.113.200')],
    ['accepted', from('listed', '2001:db8::1')],
    ['ADDRESS_NOT_ALLOWED', from('listed', '203.0.114.1')],
    ['ADDRESS_NOT_ALLOWED', from('listed', '2001:db9::1')],
    ['NOT_AUTHENTIC', { ...from('listed', '203.0.113.200'), headers: json }],
    ['ADDRESS_NOT_ALLOWED', { ...from('listed', '203.0.114.1'), headers: json }],
    ['accepted', { ...from('listed-only', '203.0.113.7'), headers: json }],
    ['ADDRESS_NOT_ALLOWED', { ...from('listed-only', '203.0.113.8'), headers: json }],
    // who is no trusted proxy is not believed
    ['ADDRESS_NOT_ALLOWED', from('listed', '198.51.100.1', '203.0.113.200')],
    // behind trusted proxies: the last address that is not one of them
    ['accepted', from('listed', '10.0.0.1', '203.0.113.200')],
    ['accepted', from('listed', '::ffff:10.0.0.1', '203.0.113.200, 10.2.3.4,2001:db8:ffff::9')],
    ['accepted', from('listed', '10.0.0.1', '203.0.113.200:4711')],
    ['accepted', from('listed', '10.0.0.1', '[2001:db8::1]:4711')],
    ['accepted', from('listed', '10.0.0.1', 'garbage, 203.0.113.200')],
    ['ADDRESS_NOT_ALLOWED', from('listed', '10.0.0.1', '203.0.113.200, 198.51.100.1')],
    ['ADDRESS_NOT_ALLOWED', from('listed', '10.0.0.1', '203.0.113.200, garbage')],
    ['ADDRESS_NOT_ALLOWED', from('listed', '10.0.0.1', '203.0.113.200,')],
    ['ADDRESS_NOT_ALLOWED', from('listed', '10.0.0.1', `203.0.113.200, ${'1.'.repeat(4000)}`)],
    ['ADDRESS_NOT_ALLOWED', from('listed', '10.0.0.1')],
    ['accepted', from('shop', '10.0.0.1', ',,%$,[::1')]
  ])('%s: %j', async (expected, sent) => {
    expect((await send(sent, proxies)).outcome).toBe(expected)
  })

  it.each([
    ['198.51.100.1', '203.0.113.200', '198.51.100.1'],
    ['10.0.0.1', '203.0.113.200', '203.0.113.200'],
    ['10.0.0.1', '::ffff:203.0.113.200', '203.0.113.200'],
    ['10.0.0.1', 'spoofed, 198.51.100.7, 10.9.9.9', '198.51.100.7'],
    ['10.0.0.1', '10.1.1.1, 10.2.2.2', '10.1.1.1'],
    ['10.0.0.1', 'garbage', 'unknown'],
    ['::ffff:198.51.100.1', '', '198.51.100.1']
  ])('from %s forwarded for %s is recorded as %s', async (remoteAddress, forwarded, expected) => {
    const { ingest, log } = testIngest(proxies)
    await ingest.inject({ method: 'POST', url: nectorUrl, remoteAddress, headers: { ...nectorHeaders, 'x-forwarded-for': forwarded }, payload: body })
    expect(log.webhooks()[0]?.remote_address).toBe(expected)
  })

  it('forwarded addresses are not believed where no proxy is trusted', async () => {
    expect((await send(from('listed', '127.0.0.1', '203.0.113.200'))).outcome).toBe('ADDRESS_NOT_ALLOWED')
  })
})

describe('content type and encoding', () => {
  const nector = (type: string, more = {}): Sent => ({ headers: { ...nectorHeaders, 'content-type': type, ...more } })
  const netcore = (type: string, more = {}): Sent => ({ url: netcoreUrl, headers: { ...formHeaders, 'content-type': type, ...more }, payload: '{}' })
  const { 'content-type': _type, ...untyped } = nectorHeaders
  it.each<[string, Sent]>([
    ['accepted', nector('application/json')],
    ['accepted', nector('Application/JSON;charset=utf-8')],
    ['accepted', nector('application/json', { 'content-encoding': 'identity' })],
    ['CONTENT_TYPE_UNSUPPORTED', nector('text/plain')],
    ['CONTENT_TYPE_UNSUPPORTED', nector('application/x-www-form-urlencoded')],
    ['CONTENT_TYPE_UNSUPPORTED', nector('application/jsonp')],
    ['CONTENT_TYPE_UNSUPPORTED', nector('no type')],
    ['CONTENT_TYPE_UNSUPPORTED', nector('')],
    ['CONTENT_TYPE_UNSUPPORTED', { headers: untyped, payload: Buffer.from(body) }],
    ['CONTENT_TYPE_UNSUPPORTED', { headers: untyped, payload: '' }],
    ['CONTENT_TYPE_UNSUPPORTED', nector('application/json', { 'content-encoding': 'gzip' })],
    ['accepted', netcore('application/json')],
    ['CONTENT_TYPE_UNSUPPORTED', netcore('multipart/form-data; boundary=x')],
    ['CONTENT_TYPE_UNSUPPORTED', netcore('application/json', { 'content-encoding': 'br' })]
  ])('%s: %j', async (expected, sent) => {
    expect((await send(sent)).outcome).toBe(expected)
  })
})

describe('bodies', () => {
  const netcoreJson = (payload: string | Buffer): Sent => ({ url: netcoreUrl, headers: { ...formHeaders, ...json }, payload })
  const form = (payload: string | Buffer): Sent => ({ url: netcoreUrl, headers: formHeaders, payload })
  it.each<[string, Sent, RegExp]>([
    ['nothing', { payload: '' }, /got nothing/],
    ['spaces', { payload: ' \n' }, /got nothing/],
    ['a byte order mark', { payload: '\ufeff' }, /got nothing/],
    ['an array', { payload: '[{"a":1}]' }, /expected a JSON object, got an array/],
    ['an empty array', { payload: '[]' }, /got an array/],
    ['null', { payload: 'null' }, /got null/],
    ['a string', { payload: '"a"' }, /got a string/],
    ['a number', { payload: '-1' }, /got a number/],
    ['a boolean', { payload: 'true' }, /got a boolean/],
    ['other text', { payload: '<xml>value</xml>' }, /got something else/],
    ['half an object', { payload: '{"name":"value"' }, /do not parse, at position 15/],
    ['two objects', { payload: '{}{}' }, /do not parse, at position 2/],
    ['an unquoted key', { payload: '{name:"value"}' }, /do not parse/],
    ['NaN', { payload: '{"a":NaN}' }, /do not parse/],
    ['UTF-16', { payload: Buffer.from(body, 'utf16le') }, /do not parse/],
    ['a Netcore array', netcoreJson('[1]'), /expected a JSON object or an empty array, got an array/],
    ['a Netcore string', netcoreJson('"a"'), /got a string/],
    ['half a Netcore object', netcoreJson('{"p":['), /do not parse/],
    ['a form without data', form('datum=1'), /expected the form key data/],
    ['a form with nothing in data', form('data='), /got nothing/],
    ['a form with bad escapes', form('data=%7B%2'), /two hex digits/],
    ['a form with bad JSON', form('data=%7B%22a%22'), /do not parse/],
    ['nesting that parses for seconds', { payload: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }, /nested at most 500 deep/],
    ['objects that parse for seconds', netcoreJson(`{"a":[${'{},'.repeat(300_000)}{}]}`), /at most 300000 objects and arrays/],
    ['arrays that parse for seconds', netcoreJson(`{"a":[${'[],'.repeat(300_000)}[]]}`), /at most 300000 objects and arrays/],
    ['the seed\'s sample as printed', form(`data=${encodeURIComponent('{{"p":[]}}')}`), /do not parse/]
  ])('BODY_MALFORMED: %s', async (_name, sent, message) => {
    const { outcome, reply } = await send(sent)
    expect(outcome).toBe('BODY_MALFORMED')
    expect(reply.json<{ error: { message: string } }>().error.message).toMatch(message)
  })

  it('may hold many objects, and brackets in strings are none', async () => {
    const payload = `{"a":[${'{},'.repeat(100_000)}"${'{['.repeat(200_000)}"]}`
    expect((await send(netcoreJson(payload))).outcome).toBe('accepted')
  })

  it('have a limit of their own by route', async () => {
    const limits = { NECTOR_BODY_LIMIT_BYTES: 20, NETCORE_BODY_LIMIT_BYTES: 40 }
    const object = (length: number): string => `{"a":"${'b'.repeat(length - 8)}"}`
    expect((await send({ payload: object(20) }, limits)).outcome).toBe('accepted')
    expect((await send({ payload: object(21) }, limits)).outcome).toBe('BODY_TOO_LARGE')
    expect((await send(netcoreJson(object(40)), limits)).outcome).toBe('accepted')
    expect((await send(netcoreJson(object(41)), limits)).outcome).toBe('BODY_TOO_LARGE')
  })
})

describe('the order of the checks', () => {
  const everythingWrong: Sent = { method: 'POST', url: '/webhooks/nector/listed', remoteAddress: '198.51.100.1', headers: { 'content-type': 'text/plain' }, payload: 'x'.repeat(100) }
  const steps: ReadonlyArray<readonly [string, Sent]> = [
    ['SOURCE_UNKNOWN', { url: '/webhooks/nector/other' }],
    ['ADDRESS_NOT_ALLOWED', {}],
    ['NOT_AUTHENTIC', { remoteAddress: '203.0.113.1' }],
    ['CONTENT_TYPE_UNSUPPORTED', { remoteAddress: '203.0.113.1', headers: { ...nectorHeaders, 'content-type': 'text/plain' } }],
    ['BODY_TOO_LARGE', { remoteAddress: '203.0.113.1', headers: nectorHeaders }],
    ['BODY_MALFORMED', { remoteAddress: '203.0.113.1', headers: nectorHeaders, payload: 'x' }]
  ]
  it.each(steps)('%s comes before what follows it', async (code, change) => {
    expect((await send({ ...everythingWrong, ...change }, { NECTOR_BODY_LIMIT_BYTES: 50 })).outcome).toBe(code)
  })

  it('a signature that is enforced comes before the form of the body', async () => {
    const url = '/webhooks/nector/signed'
    const payload = 'no JSON'
    const signed = (signature: string): Sent => ({ url, payload, headers: { ...nectorHeaders, 'x-nector-webhook-hmac': signature } })
    expect((await send(signed(hmac('other')))).outcome).toBe('NOT_AUTHENTIC')
    expect((await send(signed(hmac(payload)))).outcome).toBe('BODY_MALFORMED')
  })
})

describe('a log that fails', () => {
  it('does not answer at all: the sender is told 503 before its connection ends, and what comes of it later is no harm', async () => {
    const { ingest, log } = testIngest({ REQUEST_TIMEOUT_MS: 500 })
    log.hold()
    const { port } = await ingest.listen()
    const refused = await fetch(`http://127.0.0.1:${port}${nectorUrl}`, { method: 'POST', headers: nectorHeaders, body })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.json()).toMatchObject({ error: { code: 'LOG_UNAVAILABLE' } })
    log.fail(new Error('given up'))
    log.release()
    await expect(log.probe()).rejects.toThrow('given up')
    log.fail(undefined)
    expect((await ingest.inject({ method: 'POST', url: nectorUrl, headers: nectorHeaders, payload: body })).statusCode).toBe(200)
  })

  it.each<[string, number, Error]>([
    ['LOG_UNAVAILABLE', 5, new AppError(logErrors.LOG_UNAVAILABLE, 'credential')],
    ['LOG_BACKLOG_FULL', 30, new AppError(logErrors.LOG_BACKLOG_FULL, 'credential')],
    ['LOG_UNAVAILABLE', 5, new Error('credential')]
  ])('is answered %s with Retry-After %i, and mends', async (code, retryAfter, failure) => {
    const { ingest, log } = testIngest()
    const post = { method: 'POST', url: nectorUrl, headers: nectorHeaders, payload: body } as const
    log.fail(failure)
    const refused = await ingest.inject(post)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, String(retryAfter)])
    expect(refused.json()).toMatchObject({ error: { code } })
    expect(refused.body).not.toContain('credential')
    log.fail(undefined)
    expect((await ingest.inject(post)).statusCode).toBe(200)
  })

  it('with a code no sender can cause is answered INTERNAL', async () => {
    const { ingest, log } = testIngest()
    log.fail(new AppError(schemaErrors.FRAME_MALFORMED, 'credential'))
    const reply = await ingest.inject({ method: 'POST', url: nectorUrl, headers: nectorHeaders, payload: body })
    expect([reply.statusCode, reply.body]).toEqual([500, '{"error":{"code":"INTERNAL","message":"something failed here; send it again later"}}'])
  })
})

it('metrics count refusals by vendor and code, and know no label from a request', async () => {
  const { ingest, registry } = testIngest()
  await ingest.inject({ method: 'POST', url: '/webhooks/nector/made-up-source', headers: nectorHeaders, payload: body })
  await ingest.inject({ method: 'POST', url: nectorUrl, headers: json, payload: body })
  await ingest.inject({ method: 'POST', url: netcoreUrl, headers: formHeaders, payload: 'x' })
  const text = await registry.metrics()
  expect(text).toContain('ingest_refused_total{vendor="none",code="SOURCE_UNKNOWN"} 1')
  expect(text).toContain('ingest_refused_total{vendor="nector",code="NOT_AUTHENTIC"} 1')
  expect(text).toContain('ingest_refused_total{vendor="netcore",code="BODY_MALFORMED"} 1')
  expect(text).not.toContain('made-up-source')
})
