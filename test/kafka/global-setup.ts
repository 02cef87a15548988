import type { TestProject } from 'vitest/node'
import { here } from './kafka-source.ts'
import { startSharedKafka, type SharedKafka } from './shared-kafka.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    kafka: SharedKafka
  }
}

/** One broker for all test files of a run; started only when one of this project's is in it. */
export default async function setup (project: TestProject): Promise<() => Promise<void>> {
  process.env['KAFKAJS_NO_PARTITIONER_WARNING'] = '1'
  const { shared, stop } = await startSharedKafka(here)
  project.provide('kafka', shared)
  return stop
}
