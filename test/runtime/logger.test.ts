import { expect, test } from 'vitest'
import { AppError } from '../../runtime/errors.ts'
import { describeError } from '../../runtime/logger.ts'
import { warehouseErrors } from '../../warehouse/warehouse-errors.ts'

test('an error of ours is told with code, message and fields, and the code of its cause', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const error = new AppError(warehouseErrors.WAREHOUSE_UNAVAILABLE, 'ClickHouse gave no answer', { cause, fields: { table: 'orders' } })
  expect(describeError(error)).toEqual({ type: 'AppError', code: 'WAREHOUSE_UNAVAILABLE', message: 'ClickHouse gave no answer', table: 'orders', cause: { type: 'Error', code: 'ECONNREFUSED' } })
})

test('the words of a driver, which may quote a row, are not logged', () => {
  const error = new AppError(warehouseErrors.WAREHOUSE_REFUSED_DATA, 'ClickHouse refused the data: 53', { cause: new Error('cannot parse a@example.com', { cause: new Error('a@example.com') }) })
  expect(JSON.stringify(describeError(error))).not.toContain('example.com')
})

test('a fault of ours keeps its stack', () => {
  expect(describeError(new TypeError('surprise'))).toMatchObject({ type: 'TypeError', message: 'surprise', stack: expect.stringContaining('logger.test.ts') as string })
})
