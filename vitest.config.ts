import { defineConfig } from 'vitest/config'

const services = ['test/warehouse/**/*.test.ts', 'test/registry/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/**/*-crash.test.ts']

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        // no services: what `npm run check` runs
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: services, globalSetup: ['test/global-setup.ts'], sequence: { groupOrder: 0 } }
      },
      {
        extends: true,
        // real ClickHouse, real schema registry, real processes
        test: { name: 'services', include: services, globalSetup: ['test/global-setup.ts'], testTimeout: 120_000, hookTimeout: 60_000, sequence: { groupOrder: 1 } }
      }
    ]
  }
})
