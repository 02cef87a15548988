import type { Sources } from '../vendors/source.ts'
import { transformRecords } from './transform-records.ts'
import type { Transformer } from './transformer.ts'

/** Transforms in the calling thread: for tests, and where nothing else is delayed. */
export function inlineTransformer (sources: Sources, now: () => number): Transformer {
  return {
    async * transform ({ topic, partition, records }) {
      for (const piece of transformRecords({ topic, partition, records, setAside: new Set(), skipped: new Set() }, { sources, now, onRecord: () => {} })) {
        if (piece !== undefined) yield piece
      }
    },
    async close () {}
  }
}
