import { expect } from 'vitest'
import type { Pipeline } from '../e2e/pipeline-process.ts'
import type { KafkaDeployment } from './kafka-deployment.ts'

/** Every transformer has transformed and every loader has loaded. */
export async function expectAllAtWork (deployment: KafkaDeployment): Promise<void> {
  for (const transformer of deployment.processes('transform')) expect(await sumOf(transformer, 'loyalty_transform_records_total'), 'records of a transformer').toBeGreaterThan(0)
  for (const loader of deployment.processes('load')) expect(await sumOf(loader, 'loyalty_load_rows_total'), 'rows of a loader').toBeGreaterThan(0)
}

/** The sum of a metric over all its labels. */
async function sumOf ({ adminUrl }: Pipeline, name: string): Promise<number> {
  const answer = await fetch(`${adminUrl}/metrics`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`expected metrics, got ${answer.status}: ${text}`)
  return text.split('\n').filter((line) => line.startsWith(`${name}{`)).reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
