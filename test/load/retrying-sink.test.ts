import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { retryingSink } from '../../load/retrying-sink.ts'
import { AppError } from '../../runtime/errors.ts'
import type { InsertBlock, WarehouseSink } from '../../warehouse/warehouse-sink.ts'
import { warehouseErrors } from '../../warehouse/warehouse-errors.ts'

const block: InsertBlock = { table: 't', columns: ['a'], token: 'token', rows: 1, container: () => Readable.from([]) }
const away = new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'away')

function failing (...errors: readonly Error[]): WarehouseSink & { readonly seen: InsertBlock[] } {
  const left = [...errors]
  const seen: InsertBlock[] = []
  return {
    seen,
    async insert (given) {
      seen.push(given)
      const error = left.shift()
      if (error !== undefined) throw error
    }
  }
}

function withRetry (sink: WarehouseSink): { sink: WarehouseSink, retries: unknown[] } {
  const retries: unknown[] = []
  return { sink: retryingSink(sink, { backoff: { firstMs: 1, longestMs: 4 }, onRetry: (error) => { retries.push(error) } }), retries }
}

test('what is transient is repeated, the same block under the same token, until it succeeds', async () => {
  const inner = failing(...Array.from({ length: 20 }, () => away))
  const { sink, retries } = withRetry(inner)
  await sink.insert(block, new AbortController().signal)
  expect(inner.seen).toHaveLength(21)
  expect(inner.seen.every((seen) => seen === block)).toBe(true)
  expect(retries).toHaveLength(20)
})

test('an error that nobody thought of is repeated as well', async () => {
  const inner = failing(new TypeError('surprise'))
  await withRetry(inner).sink.insert(block, new AbortController().signal)
  expect(inner.seen).toHaveLength(2)
})

test('refused data is told at once', async () => {
  const inner = failing(new AppError(warehouseErrors.WAREHOUSE_REFUSED_DATA, 'no'))
  await expect(withRetry(inner).sink.insert(block, new AbortController().signal)).rejects.toMatchObject({ code: 'WAREHOUSE_REFUSED_DATA' })
  expect(inner.seen).toHaveLength(1)
})

test('a batch that is no longer ours is given up', async () => {
  const controller = new AbortController()
  const inner: WarehouseSink = {
    async insert () {
      controller.abort()
      throw away
    }
  }
  await expect(withRetry(inner).sink.insert(block, controller.signal)).rejects.toMatchObject({ code: 'SHUTTING_DOWN', retryable: true })
})
