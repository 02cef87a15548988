import { expect, test } from 'vitest'
import { arrivalOf, timeFields } from '../../../log/kafka/record-time.ts'

const now = 1_800_000_000_000
const day = 24 * 3_600_000

test.each([['just now', now - 5], ['before a month', now - 30 * day], ['in the future of a clock that is wrong', now + day], ['shortly before the clock was set back', now + 600_000]])('an arrival %s is read as it was', (_name, arrivedAt) => {
  const { timestamp, headers } = timeFields(arrivedAt, now)
  expect(arrivalOf({ timestamp: String(timestamp), ...(headers === undefined ? {} : { headers }) })).toBe(arrivedAt)
})

test('retention never finds a record old at its append', () => {
  for (const arrivedAt of [now, now - day, now - 400 * day]) expect(now - Number(timeFields(arrivedAt, now).timestamp)).toBeLessThanOrEqual(3_600_000)
})

test('no record has a timestamp in the future, which brokers refuse', () => {
  for (const arrivedAt of [now + 1, now + 600_000, now + day]) expect(Number(timeFields(arrivedAt, now).timestamp)).toBe(now)
})

test('the arrival as Kafka gives a header back, and a header of somebody else', () => {
  expect(arrivalOf({ timestamp: '7', headers: { 'received-at': Buffer.from('123') } })).toBe(123)
  expect(arrivalOf({ timestamp: '7', headers: { 'received-at': Buffer.from('yesterday') } })).toBe(7)
  expect(arrivalOf({ timestamp: '7' })).toBe(7)
})
