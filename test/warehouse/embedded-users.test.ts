import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readFile, readdir, stat } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { EmbeddedServer } from '../../warehouse/embedded/embedded-server.ts'
import { ask, newDataDir, passwords, removeDataDir, startTestServer } from './server-fixture.ts'
import type { Answer } from './server-fixture.ts'

let dataDir: string
let server: EmbeddedServer
const accessDenied = 497
const readonlySetting = 164
const constraintViolation = 452

const internal = async (query: string): Promise<Answer> => await ask(server.url, server.user, server.password, query)
const bi = async (query: string, settings = {}): Promise<Answer> => await ask(server.url, 'bi', passwords.bi, query, settings)
const crm = async (query: string): Promise<Answer> => await ask(server.url, 'crm', passwords.crm, query)

beforeAll(async () => {
  dataDir = await newDataDir()
  server = await startTestServer({ dataDir, crmPassword: passwords.crm, martsPassword: passwords.marts })
  for (const query of [
    'CREATE DATABASE landing', 'CREATE DATABASE analytics', 'CREATE DATABASE contacts',
    'CREATE TABLE landing.leads (id UInt32, email String) ENGINE = MergeTree ORDER BY id',
    "INSERT INTO landing.leads SELECT number, concat(toString(number), '@example.com') FROM numbers(10)",
    'CREATE OR REPLACE VIEW analytics.customers DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT id FROM landing.leads',
    'CREATE OR REPLACE VIEW analytics.above DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT id FROM landing.leads WHERE id > {least:UInt32}',
    'CREATE OR REPLACE VIEW contacts.customers DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT id, email FROM landing.leads'
  ]) expect(await internal(query)).toMatchObject({ status: 200 })
})

afterAll(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

describe('bi', () => {
  test('reads analytics views over tables that it cannot read', async () => {
    expect(await bi('SELECT count() FROM analytics.customers')).toMatchObject({ status: 200, text: '10' })
    expect(await bi('SELECT count() FROM analytics.above(least = 6)')).toMatchObject({ status: 200, text: '3' })
  })

  test.each([
    'SELECT * FROM landing.leads',
    'SELECT * FROM contacts.customers',
    "SELECT * FROM merge('landing', 'leads')",
    'SELECT * FROM system.users',
    'SELECT * FROM system.parts',
    'SELECT * FROM system.server_settings',
    'SHOW CREATE TABLE landing.leads',
    'DESCRIBE contacts.customers',
    'INSERT INTO analytics.customers VALUES (1)',
    'CREATE TABLE analytics.mine (a UInt8) ENGINE = Memory',
    'CREATE TEMPORARY TABLE mine (a UInt8)',
    'DROP VIEW analytics.customers',
    'TRUNCATE TABLE landing.leads',
    'GRANT SELECT ON landing.* TO bi',
    'CREATE FUNCTION mine AS x -> x',
    'SYSTEM STOP LISTEN HTTP',
    "SELECT * FROM file('/etc/hostname', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    'SELECT * FROM default.`/etc/hostname`'
  ])('may not: %s', async (query) => {
    const answer = await bi(query)
    expect(answer.status).not.toBe(200)
    // merge() says that it sees no table, views refuse inserts before rights are looked at: refused all the same.
    if (!/merge|INSERT/.test(query)) expect(answer).toMatchObject({ code: accessDenied })
  })

  test('sees nothing of other databases in the lists that every user may read', async () => {
    expect(await bi("SELECT arrayStringConcat(arraySort(groupUniqArray(if(database = 'system', concat('system.', name), database))), ',') FROM system.tables")).toMatchObject({ text: 'analytics,system.processes' })
    expect(await bi("SELECT count() FROM system.columns WHERE database != 'analytics' AND table != 'processes'")).toMatchObject({ text: '0' })
  })

  test.each([
    { max_execution_time: '61' }, { max_execution_time: '0' }, { max_result_rows: '0' }, { max_result_rows: '1048577' }
  ])('cannot lift a limit: %o', async (settings) => {
    expect(await bi('SELECT 1', settings)).toMatchObject({ code: constraintViolation })
  })

  test.each([
    { readonly: '0' }, { max_memory_usage: '0' }, { max_untracked_memory: '100000000000' }, { format_template_resultset: '/etc/hostname' },
    { format_schema: '/etc/hostname:x' }, { allow_introspection_functions: '1' }, { additional_result_filter: '1' }
  ])('cannot change what is not declared changeable: %o', async (settings) => {
    expect(await bi('SELECT 1', settings)).toMatchObject({ code: readonlySetting })
  })

  test.each<[string, Record<string, string>]>([
    ['/play', { add_http_cors_header: '1', enable_http_compression: '1', use_query_cache: '1', enable_reads_from_query_cache: '0', enable_writes_to_query_cache: '1', query_cache_ttl: '600', query_cache_nondeterministic_function_handling: 'save', query_cache_system_table_handling: 'ignore' }],
    ['/play, for a download', { enable_reads_from_query_cache: '1', enable_writes_to_query_cache: '0', extremes: '1', http_write_exception_in_output_format: '1' }],
    ['dbt', { mutations_sync: '3', alter_sync: '2', lightweight_deletes_sync: '2' }],
    ['JDBC with setMaxRows', { max_result_rows: '100', result_overflow_mode: 'break' }],
    ['Metabase', { max_result_rows: '1048575', result_overflow_mode: 'throw' }]
  ])('may send the settings of %s', async (_name, settings) => {
    const answer = await bi('SELECT 1', settings)
    expect([answer.status, answer.text.split('\n')[0]]).toEqual([200, '1'])
  })

  test('may send the settings that clients and BI tools send', async () => {
    const settings = { max_execution_time: '30', enable_http_compression: '1', session_timezone: 'Asia/Kolkata', output_format_json_quote_64bit_integers: '0', join_use_nulls: '1' }
    expect(await bi('SELECT 1', settings)).toMatchObject({ status: 200, text: '1' })
  })

  test('is stopped when it asks for more memory or time than it has', async () => {
    const memoryLimitExceeded = 241
    expect(await bi('SELECT count() FROM (SELECT number FROM system.one ARRAY JOIN range(100000000) AS number GROUP BY number)')).toMatchObject({ code: memoryLimitExceeded })
    const timeoutExceeded = 159
    expect(await bi('SELECT max(cityHash64(a.number, b.number)) FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b', { max_execution_time: '1' })).toMatchObject({ code: timeoutExceeded })
  })
})

describe('the function file', () => {
  const secret = (): string => join(dataDir, 'clickhouse-password').replaceAll("'", "\\'")

  test.each([
    'SELECT file(PATH)', 'SELECT `file`(PATH)', "SELECT file(PATH, 'default')", 'SELECT * APPLY(file) FROM (SELECT PATH AS x)',
    'SELECT arrayMap(file, [PATH])', 'SELECT arrayMap(p -> file(p), [PATH])', "SELECT * FROM values('x String', file(PATH))",
    'SELECT file(PATH) SETTINGS max_execution_time = 5', 'EXPLAIN SELECT file(PATH)', 'SELECT 1 LIMIT length(file(PATH))'
  ])('reads no file of this machine: %s', async (query) => {
    for (const reader of [bi, crm, internal]) {
      const answer = await reader(query.replaceAll('PATH', `'${secret()}'`))
      expect(answer.text).not.toContain(server.password)
      if (!query.startsWith('EXPLAIN')) expect(answer.status).not.toBe(200)
    }
  })
})

describe('queries of one\'s own', () => {
  const long = 'SELECT max(cityHash64(a.number, b.number)) FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b'

  test.each([['bi', 'crm'], ['bi', 'marts'], ['marts', 'bi'], ['crm', 'bi']] as const)('%s sees and ends its own, and none of %s', async (own, other) => {
    const as = async (user: typeof own, query: string, settings: Record<string, string> = {}): Promise<Answer> => await ask(server.url, user, passwords[user], query, settings)
    const [mine, theirs] = [randomUUID(), randomUUID()]
    const running = Promise.all([as(own, long, { query_id: mine }), as(other, long, { query_id: theirs })])
    const listed = async (id: string): Promise<string> => (await internal(`SELECT count() FROM system.processes WHERE query_id = '${id}'`)).text
    await vi.waitFor(async () => { expect([await listed(mine), await listed(theirs)]).toEqual(['1', '1']) }, { timeout: 20_000 })

    expect((await as(own, 'SELECT DISTINCT user FROM system.processes')).text).toBe(own)
    expect((await as(own, `SELECT count() FROM system.processes WHERE query_id = '${mine}'`)).text).toBe('1')
    await as(own, `KILL QUERY WHERE query_id = '${theirs}' SYNC`)
    expect(await listed(theirs)).toBe('1')
    expect(await as(own, `KILL QUERY WHERE query_id = '${mine}' SYNC`)).toMatchObject({ status: 200 })
    await internal(`KILL QUERY WHERE query_id = '${theirs}' SYNC`)
    const cancelled = 394
    expect(await running).toMatchObject([{ code: cancelled }, { code: cancelled }])
  })
})

describe('marts', () => {
  const marts = async (query: string, settings: Record<string, string> = {}): Promise<Answer> => await ask(server.url, 'marts', passwords.marts, query, settings)

  test('reads analytics, and owns a database for tables and views of its own', async () => {
    for (const query of [
      'CREATE DATABASE IF NOT EXISTS marts',
      'CREATE TABLE marts.customers ENGINE = MergeTree ORDER BY id AS SELECT id FROM analytics.customers',
      'CREATE VIEW marts.first AS SELECT min(id) AS id FROM marts.customers',
      'ALTER TABLE marts.customers DELETE WHERE id = 3',
      'RENAME TABLE marts.customers TO marts.members',
      'DROP VIEW marts.first'
    ]) expect(await marts(query, { mutations_sync: '2' }), query).toMatchObject({ status: 200, text: '' })
    expect(await marts('SELECT count() FROM marts.members')).toMatchObject({ text: '9' })
  })

  test.each([
    'SELECT * FROM landing.leads', 'SELECT * FROM contacts.customers', 'CREATE TABLE analytics.mine (a UInt8) ENGINE = Memory', 'DROP VIEW analytics.customers',
    'CREATE DATABASE others', 'INSERT INTO landing.leads VALUES (1, \'\')', 'GRANT SELECT ON analytics.* TO bi', "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM file('/etc/hostname', 'LineAsString')", 'SYSTEM STOP LISTEN HTTP', "CREATE TABLE marts.stolen ENGINE = File('CSV', '/etc/hostname')"
  ])('may not: %s', async (query) => {
    const answer = await marts(query)
    expect(answer.status).not.toBe(200)
    expect(answer.code, answer.text).toBe(accessDenied)
  })

  test.each([{ max_execution_time: '601' }, { max_memory_usage: '100000000000' }, { max_memory_usage_for_user: '0' }, { allow_introspection_functions: '1' }])('lifts no limit: %o', async (settings) => {
    expect(await marts('SELECT 1', settings)).toMatchObject({ code: constraintViolation })
  })
})

test('loading goes before reading', async () => {
  const priorities = "SELECT concat(toString(getSetting('priority')), ' ', toString(getSetting('os_thread_priority')))"
  for (const user of ['bi', 'crm', 'marts'] as const) expect(await ask(server.url, user, passwords[user], priorities), user).toMatchObject({ text: '10 15' })
  expect(await internal(priorities)).toMatchObject({ text: '1 0' })
  for (const user of ['bi', 'crm', 'marts'] as const) expect((await ask(server.url, user, passwords[user], 'SELECT 1', { priority: '0' })).status, user).not.toBe(200)
})

test('crm reads contacts and nothing else', async () => {
  expect(await crm('SELECT count() FROM contacts.customers')).toMatchObject({ status: 200, text: '10' })
  for (const name of ['landing.leads', 'analytics.customers']) {
    expect(await crm(`SELECT * FROM ${name}`)).toMatchObject({ code: accessDenied })
  }
})

test.each([
  ['bi', 'wrong'], ['bi', ''], ['loyalty', ''], ['loyalty', passwords.bi], ['crm', passwords.bi], ['nobody', '']
])('%s with a wrong password is refused', async (user, password) => {
  const authenticationFailed = 516
  expect(await ask(server.url, user, password, 'SELECT 1')).toMatchObject({ code: authenticationFailed })
})

test('the user that starts the server can do nothing from outside', async () => {
  for (const query of ['SELECT 1', 'SYSTEM STOP LISTEN HTTP', "SELECT * FROM file('/etc/hostname', 'LineAsString')"]) {
    expect((await ask(server.url, 'default', '', query)).status).not.toBe(200)
  }
  expect(await ask(server.url, 'default', '', 'SELECT 1', { max_query_size: '1000' })).toMatchObject({ code: constraintViolation })
})

test('passwords are on disk only for their owner, in the configuration only as hashes', async () => {
  const folder = join(dataDir, 'clickhouse', 'config')
  const files = [join(dataDir, 'clickhouse-password'), ...(await readdir(folder)).map((name) => join(folder, name))]
  expect(files).toHaveLength(3)
  for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(dataDir, 'clickhouse'))).mode & 0o777).toBe(0o700)

  const users = await readFile(join(folder, 'users.xml'), 'utf8')
  for (const password of [server.password, passwords.bi, passwords.crm]) expect(users).not.toContain(password)
  expect(await readFile(join(dataDir, 'clickhouse-password'), 'utf8')).toBe(server.password + '\n')
})

test('listens on 127.0.0.1 only', async () => {
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of others) {
    await expect(fetch(`http://${address}:${server.httpPort}/ping`)).rejects.toThrow()
  }
  expect(await (await fetch(`${server.url}/ping`, { headers: { connection: 'close' } })).text()).toBe('Ok.\n')
})

test('queries may be long, though the start-up commands may not', async () => {
  const long = `SELECT length('${'x'.repeat(100_000)}')`
  expect(await internal(long)).toMatchObject({ text: '100000' })
  expect(await bi(long)).toMatchObject({ text: '100000' })
})

test('inserts are synchronous, and a column without a zone is UTC', async () => {
  expect(await internal("SELECT getSetting('async_insert')::UInt8, timezone()")).toMatchObject({ text: '0\tUTC' })
})

test('memory of the whole server is bounded', async () => {
  const memoryLimitExceeded = 241
  expect(await internal('SELECT length(groupArray(number)) FROM numbers(200000000) SETTINGS max_threads = 1')).toMatchObject({ code: memoryLimitExceeded })
  expect(await internal('SELECT 1')).toMatchObject({ status: 200 })
})
