import { expect, test } from 'vitest'
import { usersConfigXml } from '../../warehouse/embedded/users-config.ts'
import { compose, crm, marts, mounts, read } from './compose-file.ts'
import { parseXml } from './xml-tree.ts'

interface User { readonly profile: string, readonly quota: string, readonly grants: { readonly query: string | readonly string[] }, readonly databases?: unknown }
interface UsersFile { readonly profiles: Readonly<Record<string, unknown>>, readonly users: Readonly<Record<string, User & { readonly password: unknown }>> }

const server = parseXml(read('deploy/clickhouse/config.d/loyalty.xml')) as unknown as { max_server_memory_usage: string, storage_configuration: { disks: { backups: { path: string } } }, prometheus: { port: string } }
const maxMemoryBytes = Number(server.max_server_memory_usage)
const embedded = parseXml(usersConfigXml({ internalPassword: 'a', biPassword: 'b', crmPassword: 'c', martsPassword: 'd', maxMemoryBytes })) as unknown as UsersFile
const users = parseXml(read('deploy/clickhouse/users.d/loyalty.xml')) as unknown as UsersFile
const crmUsers = parseXml(read('deploy/clickhouse/users.d/crm.xml')) as unknown as UsersFile
const martsUsers = parseXml(read('deploy/clickhouse/users.d/marts.xml')) as unknown as UsersFile

/** Without password and networks, which differ: known by a hash on this machine, by the environment in the network of the containers. */
const rights = ({ profile, quota, grants, databases }: User): User => ({ profile, quota, grants, databases })

test('profiles, limits and what a reader may change are those of the embedded server', () => {
  expect(users.profiles['reader']).toEqual(embedded.profiles['reader'])
  expect(users.profiles['default']).toEqual(embedded.profiles['default'])
  expect(users.profiles['marts']).toEqual(embedded.profiles['marts'])
  expect(Object.keys(users.profiles)).toEqual(['default', 'reader', 'marts'])
})

test('bi, crm and marts have the rights that they have in the embedded server, the loader those of its internal user', () => {
  const [bi, crmUser, loader, reference] = [users.users['bi'], crmUsers.users['crm'], users.users['default'], embedded.users]
  expect(bi && rights(bi)).toEqual(reference['bi'] && rights(reference['bi']))
  expect(crmUser && rights(crmUser)).toEqual(reference['crm'] && rights(reference['crm']))
  const martsUser = martsUsers.users['marts']
  expect(martsUser && rights(martsUser)).toEqual(reference['marts'] && rights(reference['marts']))
  expect(loader && rights(loader)).toEqual(reference['loyalty'] && rights(reference['loyalty']))
  expect([users, crmUsers, martsUsers].map((file) => Object.keys(file.users))).toEqual([['default', 'bi'], ['crm'], ['marts']])
})

test('passwords come from the environment, and compose does not start without them: ClickHouse takes an absent one for an empty one', () => {
  for (const [file, service] of [[users, compose.services['clickhouse']], [crmUsers, crm.services['clickhouse']], [martsUsers, marts.services['clickhouse']]] as const) {
    for (const { password } of Object.values(file.users)) {
      const { '@from_env': name } = password as { '@from_env': string }
      expect(service?.environment?.[name]).toMatch(/^\$\{[A-Z_]+:\?/)
    }
  }
})

test('backups go to a volume, metrics are where Prometheus looks for them', () => {
  const clickhouse = compose.services['clickhouse']
  const backups = clickhouse && mounts(clickhouse).find(({ source }) => source === 'clickhouse-backups')
  expect(`${backups?.target}/`).toBe(server.storage_configuration.disks.backups.path)
  expect(read('deploy/prometheus.yml')).toContain(`"clickhouse:${server.prometheus.port}"`)
})
