import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { roles } from '../../app/roles.ts'
import { readConfig } from '../../config/config.ts'
import { packageRoot } from '../../runtime/package-root.ts'
import { settingsSchema } from '../../config/settings.ts'
import { compose, composeFiles, crm, environmentExample, marts, mounts, ours, read, readYaml, substitute } from './compose-file.ts'
import type { Service } from './compose-file.ts'

const settings = settingsSchema.parse({})
const services = Object.entries(compose.services)
const source = composeFiles.map(read).join('\n').replaceAll(/^\s*#.*$/gm, '')
const secret = /SECRET|TOKEN|PASSWORD/

/** A .env as a person leaves it: the example with its secrets filled. */
const filled = new Map([...environmentExample].map(([name, value]) => [name, secret.test(name) ? 'xxxxxxxx' : value]))

/** The environment that one of our containers runs with. */
function environmentOf ({ environment = {} }: Service): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, substitute(value, filled)]))
}

test('every role has a service, and each runs its role', () => {
  expect(ours.map(([name]) => name)).toEqual(roles)
  for (const [name, { command }] of ours) expect(command).toEqual(['start', '--roles', name])
})

test('every image is pinned to a version', () => {
  for (const [, { image }] of services) expect(image).toMatch(/^[a-z0-9/-]+:v?\d+\.\d+\.\d+(\.\d+)*$/)
  const { version } = JSON.parse(read('package.json')) as { version: string }
  for (const [, { image }] of ours) expect(image).toBe(`loyalty-warehouse:${version}`)
  expect(compose.services['grafana']?.environment?.['GF_PLUGINS_PREINSTALL_SYNC']).toMatch(/^[a-z-]+@\d+\.\d+\.\d+$/)
})

describe('variables', () => {
  test('those of the compose files are those of .env.example', () => {
    const used = new Set([...source.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name))
    expect([...environmentExample.keys()].toSorted()).toEqual([...used].toSorted())
  })

  test('defaults in the file are those of .env.example', () => {
    for (const [, name = '', fallback] of source.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)) expect({ [name]: fallback }).toEqual({ [name]: environmentExample.get(name) })
  })

  test('no secret is in the repository: each is empty in .env.example and required by the file', () => {
    for (const [name, value] of environmentExample) if (secret.test(name)) expect({ [name]: value }).toEqual({ [name]: '' })
    for (const [, { environment = {} }] of [...services, ...Object.entries(crm.services), ...Object.entries(marts.services)]) {
      for (const [name, value] of Object.entries(environment)) if (secret.test(name)) expect(value).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/)
    }
    expect(() => substitute(read('docker-compose.yml'), environmentExample)).toThrow(/make-env/)
  })

  test('deploy/make-env.sh fills every secret, with another value each, readable by the owner only, and never overwrites', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loyalty-env-'))
    try {
      mkdirSync(join(folder, 'deploy'))
      for (const file of ['.env.example', 'deploy/make-env.sh']) cpSync(join(packageRoot, file), join(folder, file))
      const run = (): Buffer => execFileSync(join(folder, 'deploy/make-env.sh'), { stdio: 'pipe' })
      run()
      const written = readFileSync(join(folder, '.env'), 'utf8')
      const secrets = [...written.matchAll(/^[A-Z_]+(?:SECRET|TOKEN|PASSWORD)=(.*)$/gm)].map(([, value]) => value)
      expect(secrets).toHaveLength([...environmentExample.keys()].filter((name) => secret.test(name)).length)
      expect(new Set(secrets).size).toBe(secrets.length)
      for (const value of secrets) expect(value).toMatch(/^[0-9a-f]{48}$/)
      expect(written.replaceAll(/^([A-Z_]+(?:SECRET|TOKEN|PASSWORD)=).*$/gm, '$1')).toBe(read('.env.example'))
      expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600)
      expect(run).toThrow()
      expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(written)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('our services', () => {
  const example = read('deploy/loyalty.config.example.json')
  const ofConfigFile = [...example.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = '']) => name)

  test.each(ours)('%s: every variable is a setting or one that CONFIG_FILE asks for', (_name, { environment = {} }) => {
    expect(Object.keys(environment).filter((name) => !(name in settingsSchema.shape) && !ofConfigFile.includes(name))).toEqual([])
  })

  test.each(ours)('%s: the configuration is a valid one', (_name, service) => {
    const environment = environmentOf(service)
    const mount = mounts(service).find(({ target }) => target === environment['CONFIG_FILE'])
    const file = substitute(mount?.source ?? '', environmentExample)
    expect(readConfig({ ...environment, CONFIG_FILE: join(packageRoot, file) }).businesses).not.toEqual([])
  })

  test.each(ours)('%s: can be run several times, stops in good order, and is not root', (_name, service) => {
    expect(service).not.toHaveProperty('container_name')
    const [, deadlineMs = ''] = /closeDeadlineMs = ([\d_]+)/.exec(read('app/start.ts')) ?? []
    const parts = 5
    expect(Number(service.stop_grace_period?.replace('s', '')) * 1000).toBeGreaterThan(parts * Number(deadlineMs.replaceAll('_', '')))
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  })

  test('only load knows the password of ClickHouse; the dashboard reads as bi', () => {
    expect(ours.filter(([, { environment = {} }]) => 'CLICKHOUSE_PASSWORD' in environment).map(([name]) => name)).toEqual(['load'])
    expect(ours.filter(([, { environment = {} }]) => 'BI_PASSWORD' in environment).map(([name]) => name)).toEqual(['dashboard'])
  })
})

describe('ports', () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => ({ name, port: substitute(port, environmentExample) })))

  test('those of the application are the defaults of its settings', () => {
    const environment = environmentOf(ours[0]?.[1] ?? { image: '' })
    expect(environment).toMatchObject({ HTTP_PORT: String(settings.HTTP_PORT), ADMIN_PORT: String(settings.ADMIN_PORT) })
    expect(published.find(({ name }) => name === 'ingest')?.port).toBe(`${settings.HTTP_PORT}:${settings.HTTP_PORT}`)
    expect(published.filter(({ name }) => name === 'clickhouse').map(({ port }) => port)).toEqual([
      `127.0.0.1:${settings.CLICKHOUSE_HTTP_PORT}:${settings.CLICKHOUSE_HTTP_PORT}`, `127.0.0.1:${settings.CLICKHOUSE_TCP_PORT}:${settings.CLICKHOUSE_TCP_PORT}`
    ])
    expect(environmentOf(compose.services['load'] ?? { image: '' })['CLICKHOUSE_URL']).toBe(`http://clickhouse:${settings.CLICKHOUSE_HTTP_PORT}`)
    expect(environment).toMatchObject({ KAFKA_PARTITIONS: String(settings.KAFKA_PARTITIONS), KAFKA_RETENTION_HOURS: String(settings.KAFKA_RETENTION_HOURS) })
    expect(Number(compose.services['kafka']?.environment?.['KAFKA_MESSAGE_MAX_BYTES'])).toBe(settings.KAFKA_MAX_MESSAGE_BYTES)
  })

  test('all but the webhooks are published on 127.0.0.1 only, and of the admin ports that of the dashboard alone, which has a password', () => {
    expect(published.filter(({ port }) => !port.startsWith('127.0.0.1:')).map(({ name }) => name)).toEqual(['ingest'])
    expect(published.filter(({ port }) => port.endsWith(`:${settings.ADMIN_PORT}`))).toEqual([{ name: 'dashboard', port: `127.0.0.1:${settings.ADMIN_PORT}:${settings.ADMIN_PORT}` }])
    expect(ours.filter(([, { environment = {} }]) => 'ADMIN_PASSWORD' in environment).map(([name]) => name)).toEqual(['dashboard'])
  })

  test('Prometheus asks every role, and every health check a port that is listened on', () => {
    const { scrape_configs: [roleJob] } = readYaml('deploy/prometheus.yml') as { scrape_configs: Array<{ dns_sd_configs: Array<{ names: string[], port: number }> }> }
    expect(roleJob?.dns_sd_configs).toMatchObject([{ names: ours.map(([name]) => name), port: settings.ADMIN_PORT }])
    for (const [name, { healthcheck }] of ours) {
      expect(healthcheck?.test.join(' ')).toContain(`:${settings.ADMIN_PORT}/${name === 'ingest' ? 'readyz' : 'livez'}`)
    }
  })
})

describe('services', () => {
  test.each(services)('%s has a health check and starts again by itself', (_name, service) => {
    expect(service.healthcheck?.test[0]).toBe('CMD')
    expect(service).toMatchObject({ restart: 'unless-stopped' })
  })

  test.each(services)('%s depends on services that exist and are healthy', (_name, { depends_on: needed = {} }) => {
    for (const [other, { condition }] of Object.entries(needed)) {
      expect(compose.services).toHaveProperty(other)
      expect(condition).toBe('service_healthy')
    }
  })

  test.each([...services, ...Object.entries(crm.services), ...Object.entries(marts.services)])('%s mounts files and volumes that exist', (_name, service) => {
    for (const { source: from } of mounts(service)) {
      const path = substitute(from, environmentExample)
      if (path.startsWith('.')) expect(existsSync(join(packageRoot, path)), path).toBe(true)
      else expect(compose.volumes).toHaveProperty(path)
    }
  })

  test('every volume is used', () => {
    expect(Object.keys(compose.volumes ?? {}).filter((volume) => !services.some(([, service]) => mounts(service).some(({ source: from }) => from === volume)))).toEqual([])
  })
})

test('Grafana asks ClickHouse as bi, for less time than bi has', () => {
  const { datasources } = readYaml('deploy/grafana/provisioning/datasources/datasources.yml') as { datasources: Array<{ type: string, url?: string, jsonData?: Record<string, unknown> }> }
  const clickhouse = datasources.find(({ type }) => type === 'grafana-clickhouse-datasource')?.jsonData
  expect(clickhouse).toMatchObject({ host: 'clickhouse', port: settings.CLICKHOUSE_TCP_PORT, username: 'bi', defaultDatabase: 'analytics' })
  expect(Number(clickhouse?.['queryTimeout']) + 5).toBeLessThan(60)
  expect(datasources.find(({ type }) => type === 'prometheus')?.url).toBe('http://prometheus:9090')
})
