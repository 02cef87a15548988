import { expect, test } from 'vitest'
import { openWarehouse } from '../../app/open-warehouse.ts'
import { settingsSchema, type Settings } from '../../config/settings.ts'
import { clickHouseXml } from '../../warehouse/embedded/xml.ts'
import { ask, newDataDir, removeDataDir, silent } from './server-fixture.ts'

function settings (changes: Readonly<Record<string, string>>): Settings {
  return settingsSchema.parse({ CLICKHOUSE_USER: 'someone', CLICKHOUSE_PASSWORD: 'secret', CLICKHOUSE_HTTP_PORT: 0, CLICKHOUSE_TCP_PORT: 0, CLICKHOUSE_MAX_MEMORY_BYTES: 600_000_000, BI_PASSWORD: 'bi-password', ...changes })
}

test('without CLICKHOUSE_URL a server is started here, and closed with the warehouse', async () => {
  const dataDir = await newDataDir()
  const warehouse = await openWarehouse(settings({ DATA_DIR: dataDir }), silent)
  const { url, user, password } = warehouse.connection
  expect(await ask(url, user, password, 'SELECT currentUser()')).toMatchObject({ text: 'loyalty' })
  expect(warehouse.description).toMatchObject({ kind: 'embedded', url })
  expect(warehouse.description.tcpPort).toBeGreaterThan(0)
  await warehouse.close()
  await expect(ask(url, user, password, 'SELECT 1')).rejects.toThrow()
  await removeDataDir(dataDir)
})

test('with CLICKHOUSE_URL that server is used, and need not be up', async () => {
  const warehouse = await openWarehouse(settings({ CLICKHOUSE_URL: 'http://user:pass@127.0.0.1:1' }), silent)
  expect(warehouse.connection).toEqual({ url: 'http://user:pass@127.0.0.1:1', user: 'someone', password: 'secret' })
  expect(warehouse.description).toEqual({ kind: 'remote', url: 'http://127.0.0.1:1', tcpPort: undefined })
  await warehouse.close()
})

test('no value can add an element to the configuration', () => {
  const xml = clickHouseXml({ a: '</a><b attr="\'">&amp;', list: ['x', 'y'], none: null, inner: { n: 1 } })
  expect(xml).toContain('<clickhouse><a>&lt;/a&gt;&lt;b attr=&quot;&apos;&quot;&gt;&amp;amp;</a><list>x</list><list>y</list><none/><inner><n>1</n></inner></clickhouse>')
  expect(() => clickHouseXml({ a: 'a\u0000b' })).toThrow(TypeError)
})
