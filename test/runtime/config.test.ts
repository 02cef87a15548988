import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addressMatcher } from '../../config/address-range.ts'
import { readConfig, type Environment } from '../../config/config.ts'
import { AppError } from '../../runtime/errors.ts'
import { writeFirstConfig } from '../../config/first-config.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loyalty-config-'))
  file = join(folder, 'loyalty.config.json')
})
afterEach(() => { rmSync(folder, { recursive: true }) })

const nector = { id: 'acme-nector', secrets: ['a-secret'] }
const netcore = { id: 'acme-netcore', tokens: ['its-token'], timezone: 'Asia/Kolkata', identity: 'email', activities: { 2: 'add_to_cart', 3: 'checkout' } }
const business = { id: 'acme', currency: 'INR', coinValue: '0.10', timezone: 'Asia/Kolkata', nector: [nector], netcore: [netcore], funnels: [] }

/** The problems that a configuration has, a line each. */
function problems (config: unknown, environment: Environment = {}): string[] {
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  try {
    readConfig({ CONFIG_FILE: file, ...environment })
    return []
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe('CONFIG_INVALID')
    return error.message.split('\n').slice(1).map((line) => line.replace('  - ', '').replace(`${file}: `, ''))
  }
}

test('a good configuration has its defaults, and cannot be changed afterwards', () => {
  writeFileSync(file, JSON.stringify({ businesses: [business] }))
  const config = readConfig({ CONFIG_FILE: file, HTTP_PORT: '0', LOG_LEVEL: '', TRUSTED_PROXIES: '10.0.0.0/8, ::1' })
  expect(config.settings).toMatchObject({ HTTP_PORT: 0, LOG_LEVEL: 'info', ADMIN_PORT: 8081, LOAD_MAX_WAIT_MS: 800 })
  expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1'])
  expect(config.businesses[0]?.nector[0]).toMatchObject({ hmac: { mode: 'log' }, allowIps: [], insecure: false })
  expect(() => { Object.assign(config.businesses[0]?.nector[0]?.secrets ?? [], { 0: 'other' }) }).toThrow(TypeError)
})

test('all problems of environment and file are reported together', () => {
  expect(problems({ businesses: [{ ...business, currency: 'rupees', timezone: 'Mars/Olympus', nector: [{ id: 'a b' }], netcor: [] }] }, { HTTP_PORT: '99999', LOG_LEVEL: 'loud', TRUSTED_PROXIES: 'proxy' })).toEqual([
    'HTTP_PORT: Too big: expected number to be <=65535, got "99999"',
    'LOG_LEVEL: Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent", got "loud"',
    'TRUSTED_PROXIES: expected addresses or CIDR ranges, got proxy',
    'businesses[0].currency: expected an ISO 4217 code such as INR',
    'businesses[0].timezone: expected an IANA time zone such as Asia/Kolkata',
    'businesses[0].nector[0].id: expected 1 to 64 letters, digits, - or _, as it is part of a URL',
    'businesses[0]: does not know netcor',
    'businesses[0].nector[0]: expected secrets or allowIps, or "insecure": true to take webhooks from anybody'
  ])
})

describe.each<[string, unknown, string[]]>([
  ['no JSON', '{', [expect.stringMatching(/^expected JSON, got /) as string]],
  ['no business', { businesses: [] }, ['businesses: Too small: expected array to have >=1 items']],
  ['a Nector source that anybody could write to', { businesses: [{ ...business, nector: [{ id: 'a' }] }] }, ['businesses[0].nector[0]: expected secrets or allowIps, or "insecure": true to take webhooks from anybody']],
  ['a Netcore source that anybody could write to', { businesses: [{ ...business, netcore: [{ ...netcore, tokens: [] }] }] }, ['businesses[0].netcore[0]: expected tokens or allowIps, or "insecure": true to take webhooks from anybody']],
  ['one that says so', { businesses: [{ ...business, nector: [{ id: 'a', insecure: true }] }] }, []],
  ['one with addresses only', { businesses: [{ ...business, nector: [{ id: 'a', allowIps: ['203.0.113.0/24', '2001:db8::/32'] }] }] }, []],
  ...['', 'x', 'seven-c', ' ten chars', 'ten chars ', ' '.repeat(20)].flatMap((secret): Array<[string, unknown, string[]]> => [
    [`the secret ${JSON.stringify(secret)}`, { businesses: [{ ...business, nector: [{ id: 'a', secrets: [secret] }] }] }, ['businesses[0].nector[0].secrets[0]: expected at least 8 characters, without blanks around them']],
    [`the token ${JSON.stringify(secret)}`, { businesses: [{ ...business, netcore: [{ ...netcore, tokens: [secret] }] }] }, ['businesses[0].netcore[0].tokens[0]: expected at least 8 characters, without blanks around them']]
  ]),
  ['one with every address only', { businesses: [{ ...business, nector: [{ id: 'a', allowIps: ['0.0.0.0/0'] }] }] }, ['businesses[0].nector[0]: expected secrets or allowIps, or "insecure": true to take webhooks from anybody']],
  ['an HMAC without a key', { businesses: [{ ...business, nector: [{ id: 'a', allowIps: ['::1'], hmac: { mode: 'enforce' } }] }] }, ['businesses[0].nector[0].hmac: expected secrets or hmac.secrets, as hmac.mode is enforce']],
  ['a bad range', { businesses: [{ ...business, nector: [{ id: 'a', allowIps: ['203.0.113.0/33'] }] }] }, ['businesses[0].nector[0].allowIps[0]: expected an address or CIDR range such as 203.0.113.0/24']],
  ['the same source twice', { businesses: [business, { ...business, id: 'other', netcore: [] }] }, ['businesses[1].nector[0].id: expected each nector source id once, got acme-nector again']],
  ['a step that no activity has', { businesses: [{ ...business, funnels: [{ name: 'f', windowHours: 24, steps: ['add_to_cart', 'buy'] }] }] }, ['businesses[0].funnels[0].steps[1]: expected a name from the activities of a netcore source, got buy']],
  ['a step twice in a funnel', { businesses: [{ ...business, funnels: [{ name: 'f', windowHours: 24, steps: ['add_to_cart', 'add_to_cart'] }] }] }, ['businesses[0].funnels[0].steps[1]: expected each step once, got add_to_cart again']],
  ['a source without a time zone', { businesses: [{ ...business, netcore: [{ ...netcore, timezone: undefined }] }] }, [expect.stringMatching(/^businesses\[0\]\.netcore\[0\]\.timezone: /) as string]],
  ['a coin value as a number', { businesses: [{ ...business, coinValue: 0.1 }] }, [expect.stringMatching(/^businesses\[0\]\.coinValue: /) as string]]
])('%s', (_name, config, expected) => {
  test(expected.length === 0 ? 'is right' : 'is told', () => { expect(problems(config)).toEqual(expected) })
})

describe.each<[string, Environment, string[]]>([
  ['what would be ignored without Kafka', { KAFKA_TLS: 'true', KAFKA_TLS_CA_FILE: 'ca.pem', SCHEMA_REGISTRY_URL: 'http://registry:8081' }, [
    'KAFKA_TLS: expected KAFKA_BROKERS beside it, got none', 'SCHEMA_REGISTRY_URL: expected KAFKA_BROKERS beside it, got none'
  ]],
  ['half a client certificate, without TLS', { KAFKA_TLS_CERT_FILE: 'a.pem' }, ['KAFKA_TLS_CERT_FILE: expected KAFKA_TLS beside it, got none', 'KAFKA_TLS_CERT_FILE: expected KAFKA_TLS_KEY_FILE beside it, got none']],
  ['a user without a way to log in', { KAFKA_USERNAME: 'u' }, ['KAFKA_USERNAME: expected KAFKA_SASL_MECHANISM beside it, got none']],
  ['a cluster without a server', { CLICKHOUSE_CLUSTER: 'main' }, ['CLICKHOUSE_CLUSTER: expected CLICKHOUSE_URL beside it, got none']],
  ['proxies that are everybody', { TRUSTED_PROXIES: '0.0.0.0/0, ::/0' }, [expect.stringContaining('got 0.0.0.0/0, so much of the internet') as string, expect.stringContaining('got ::/0') as string]],
  ['proxies that are everybody, in halves', { TRUSTED_PROXIES: '0.0.0.0/1,128.0.0.0/1' }, [expect.stringContaining('got 0.0.0.0/1') as string, expect.stringContaining('got 128.0.0.0/1') as string]],
  ['a budget that no large body fits into', { IN_FLIGHT_BODY_BYTES: '1000000' }, ['IN_FLIGHT_BODY_BYTES: expected the largest body (8388608) at least, got 1000000']],
  ['passwords that anybody could guess, without repeating them', { ADMIN_PASSWORD: 'guess', BI_PASSWORD: 'x', CRM_PASSWORD: ' padded password' }, [
    'ADMIN_PASSWORD: expected at least 8 characters, without blanks around them, got one of 5 characters',
    'BI_PASSWORD: expected at least 8 characters, without blanks around them, got one of 1 characters',
    'CRM_PASSWORD: expected at least 8 characters, without blanks around them, got one of 16 characters'
  ]],
  ['TLS that is neither on nor off', { KAFKA_TLS: 'yes' }, ['KAFKA_TLS: Invalid option: expected one of "true"|"false", got "yes"']]
])('settings: %s', (_name, environment, expected) => {
  test('is told', () => { expect(problems({ businesses: [business] }, environment)).toEqual(expected) })
})

describe('${NAME}', () => {
  test('is taken from the environment', () => {
    writeFileSync(file, JSON.stringify({ businesses: [{ ...business, nector: [{ id: 'a', secrets: ['${A}', 'x-${B}'] }] }] }))
    expect(readConfig({ CONFIG_FILE: file, A: 'the-first', B: 'the-second' }).businesses[0]?.nector[0]?.secrets).toEqual(['the-first', 'x-the-second'])
  })

  test('that is not set is told with its place', () => {
    expect(problems({ businesses: [{ ...business, nector: [{ id: 'a', secrets: ['${A}'] }] }] }, { A: '' })).toEqual(['businesses[0].nector[0].secrets[0]: expected the environment variable A to be set, as ${A} asks for it'])
  })
})

test('a missing file names the way out', () => {
  expect(() => readConfig({ CONFIG_FILE: join(folder, 'none.json') })).toThrow(/no such file; 'loyalty-warehouse start' writes one/)
})

describe('the first configuration', () => {
  test('is valid, private to its owner, and has secrets of its own', () => {
    expect(writeFirstConfig(file)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { businesses: [shop] } = readConfig({ CONFIG_FILE: file })
    const secrets = [shop?.nector[0]?.secrets[0], shop?.netcore[0]?.tokens[0]]
    expect(new Set(secrets).size).toBe(2)
    for (const secret of secrets) expect(secret).toMatch(/^[\w-]{32}$/)
  })

  test('is never written over one that is there', () => {
    writeFileSync(file, '{}')
    expect(writeFirstConfig(file)).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })
})

describe('address ranges', () => {
  test.each([
    ['203.0.113.0/24', '203.0.113.7', true], ['203.0.113.0/24', '203.0.114.7', false], ['203.0.113.7', '203.0.113.7', true], ['203.0.113.7', '203.0.113.8', false],
    ['203.0.113.0/24', '::ffff:203.0.113.7', true], ['::ffff:203.0.113.0/120', '203.0.113.7', true], ['2001:db8::/32', '2001:db8:1::1', true], ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::/32', '203.0.113.7', false], ['0.0.0.0/0', '2001:db8::1', false], ['0.0.0.0/0', 'garbage', false]
  ])('%s holds %s: %s', (range, address, expected) => {
    expect(addressMatcher([range])(address)).toBe(expected)
  })
})
