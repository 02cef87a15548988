import type { BatchHandler } from '../log/log-consumer.ts'
import type { LogWriter } from '../log/log-writer.ts'
import type { TransformMetrics } from './transform-metrics.ts'
import type { Transformer } from './transformer.ts'

export interface TransformStageOptions {
  readonly log: LogWriter
  readonly transformer: Transformer
  readonly metrics: TransformMetrics
}

/**
 * Handles batches of raw records: transforms each and appends the results, its receipt last. Resolves only when all of them are
 * durable. A crash before then repeats the batch, which gives the same records again (the transform is pure) and changes no figure.
 */
export function createTransformStage ({ log, transformer, metrics }: TransformStageOptions): BatchHandler {
  return async (batch) => {
    for await (const { records, counts } of transformer.transform(batch)) {
      await log.append(records)
      metrics.transformed(counts)
    }
  }
}
