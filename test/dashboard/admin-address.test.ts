import { expect, test } from 'vitest'
import { adminHost, refuseOpenDashboard } from '../../config/admin-address.ts'
import { settingsSchema } from '../../config/settings.ts'

const settings = (given: Record<string, string>): ReturnType<typeof settingsSchema.parse> => settingsSchema.parse(given)

test.each<[Record<string, string>, string]>([
  [{}, '127.0.0.1'],
  [{ ADMIN_PASSWORD: 'a-secret' }, '0.0.0.0'],
  [{ ADMIN_PASSWORD: 'a-secret', ADMIN_HOST: '127.0.0.1' }, '127.0.0.1'],
  [{ ADMIN_HOST: '0.0.0.0' }, '0.0.0.0']
])('with %o the admin port listens on %s', (given, host) => {
  expect(adminHost(settings(given))).toBe(host)
})

test.each(['0.0.0.0', '::', '10.0.0.1'])('a dashboard on %s needs a password', (host) => {
  expect(() => { refuseOpenDashboard(settings({ ADMIN_HOST: host })) }).toThrow('expected ADMIN_PASSWORD')
  expect(() => { refuseOpenDashboard(settings({ ADMIN_HOST: host, ADMIN_PASSWORD: 'a-secret' })) }).not.toThrow()
})

test.each(['127.0.0.1', '::1', 'localhost'])('one on %s does not', (host) => {
  expect(() => { refuseOpenDashboard(settings({ ADMIN_HOST: host })) }).not.toThrow()
})
