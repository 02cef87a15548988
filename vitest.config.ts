import { defineConfig } from 'vitest/config'

const services = ['test/warehouse/**/*.test.ts', 'test/analytics/**/*.test.ts', 'test/registry/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/dashboard/browser/**/*.test.ts', 'test/**/*-crash.test.ts']
/** `npm run screenshots`: not a test, but taken on what the tests start. */
const screenshots = (process.env['SCREENSHOTS'] ?? '') === '' ? [] : ['test/dashboard/browser/take-screenshots.ts']
const kafka = ['test/kafka/**/*.test.ts']

/** The names of our databases are fixed, so suites at one server take turns. */
const shared = (process.env['CLICKHOUSE_URL'] ?? '') !== ''

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // no ClickHouse, no Kafka: what `npm run check` runs. Files of a worker share their modules, as importing them is half of the time
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...services, ...kafka], globalSetup: ['test/global-setup.ts'], isolate: false, testTimeout: 30_000, hookTimeout: 30_000, sequence: { groupOrder: 0 } }
      },
      {
        extends: true,
        // real ClickHouse, real schema registry, real processes
        test: { name: 'services', include: [...services, ...screenshots], exclude: kafka, globalSetup: ['test/global-setup.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: !shared, sequence: { groupOrder: 1 } }
      },
      {
        extends: true,
        // real Kafka (test/kafka/require-kafka.ts says from where), a file at a time
        test: { name: 'kafka', include: kafka, globalSetup: ['test/global-setup.ts', 'test/kafka/global-setup.ts'], env: { KAFKAJS_NO_PARTITIONER_WARNING: '1' }, fileParallelism: false, testTimeout: 300_000, hookTimeout: 180_000, sequence: { groupOrder: 2 } }
      }
    ]
  }
})
