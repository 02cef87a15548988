import { describe, expect, test } from 'vitest'
import { mobileReader } from '../../vendors/mobile-number.ts'

describe('in a business of country IN', () => {
  const read = mobileReader('IN')

  test.each(['+91 98765 43210', '098765 43210', '0091 98765 43210', '9876543210', '919876543210', '+919876543210', '(0) 98765-43210', ' +91-9876543210 ', '00919876543210'])('%s is one number', (text) => {
    expect(read(text)).toBe('919876543210')
    expect(read(text)).toBe('919876543210')
  })

  test('a number that begins like the country code is still a number', () => { expect(read('9198765432')).toBe('919198765432') })
  test('a number of another country keeps its code', () => { expect(read('+1 415 555 2671')).toBe('14155552671') })
  test.each([['12345', '12345'], ['A-77', '77'], [`${'9'.repeat(300)}`, '9'.repeat(300)]])('%s is no number and keeps its digits', (text, digits) => { expect(read(text)).toBe(digits) })
  test.each(['', '-', 'unknown'])('%j has no digits', (text) => { expect(read(text)).toBeNull() })
})

test('without a country only a code in front makes a number of it', () => {
  const read = mobileReader(undefined)
  expect(read('+91 98765 43210')).toBe('919876543210')
  expect(read('098765 43210')).toBe('09876543210')
})
