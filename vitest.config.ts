import { defineConfig } from 'vitest/config'

const services = ['test/warehouse/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/**/*-crash.test.ts']

/** The names of our databases are fixed, so suites at one server take turns. */
const shared = (process.env['CLICKHOUSE_URL'] ?? '') !== ''

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // no ClickHouse: what `npm run check` runs
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: services, globalSetup: ['test/global-setup.ts'], sequence: { groupOrder: 0 } }
      },
      {
        extends: true,
        // real ClickHouse, real processes
        test: { name: 'services', include: services, globalSetup: ['test/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: !shared, sequence: { groupOrder: 1 } }
      }
    ]
  }
})
