import { expect, test } from 'vitest'
import { decimalFromPlainText, decimalFromText, decimalToText } from '../../schemas/decimal.ts'

test.each([
  ['849.54', '849.54'], ['-1', '-1'], ['+1', '1'], ['1e3', '1000'], ['1E-3', '0.001'], ['.5', '0.5'], ['5.', '5'], ['00012', '12'], ['-0', '0'], ['0', '0'], ['0e99', '0'],
  ['9007199254740993', '9007199254740993'], ['922337203.6854775807', '922337203.6854775807'], ['922337203.6854775808', '922337203.6854775808'], ['-922337203.6854775809', '-922337203.6854775809'],
  ['9999999999999999999999999999.9999999999', '9999999999999999999999999999.9999999999'], ['-9999999999999999999999999999.9999999999', '-9999999999999999999999999999.9999999999']
])('%s is exact', (text, expected) => {
  const decimal = decimalFromText(text)
  expect(decimal && decimalToText(decimal.value)).toBe(expected)
  expect(decimal?.rounded).toBe(false)
})

test.each([['0.30000000000000004', '0.3'], ['5e-11', '0.0000000001'], ['4e-11', '0'], ['-5e-11', '-0.0000000001'], ['1e-9999', '0'], ['1.99999999999', '2']])('%s is rounded to %s, and says so', (text, expected) => {
  const decimal = decimalFromText(text)
  expect(decimal && decimalToText(decimal.value)).toBe(expected)
  expect(decimal?.rounded).toBe(true)
})

test.each(['', '.', '-', 'e5', '1e', '1e308', '1e9999', '1,5', '0x1', 'NaN', 'Infinity', '1 2', '10000000000000000000000000000', '9999999999999999999999999999.99999999999', '1e99999'])('%j is no decimal of ours', (text) => {
  expect(decimalFromText(text)).toBeUndefined()
})

test('plain digits are read faster, and as any other number', () => {
  const texts = ['0', '00', '1', '7.5', '849.54', '0.1', '00.10', '12345678', '99999999.9999', '123456789', '1234567890.5', '0.0000000001', '0.00000000001', '3.3333333333333', '.5', '5.', '1.2.3', '', '-1', '+1', '1e3', ' 1', '1 ', '1,5', '٣']
  for (const text of texts) {
    const plain = decimalFromPlainText(text)
    if (plain !== undefined) expect(plain.toString('hex'), text).toBe(decimalFromText(text)?.value.toString('hex'))
  }
  expect(texts.filter((text) => decimalFromPlainText(text) !== undefined)).toEqual(['0', '00', '1', '7.5', '849.54', '0.1', '00.10', '12345678', '99999999.9999', '0.0000000001'])
})
