import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { customerIdReader, identityReadings, personOf } from '../../vendors/identifiers.ts'
import { mobileReader } from '../../vendors/mobile-number.ts'

const readers = { readMobile: mobileReader('IN'), readCustomerId: customerIdReader(['shopify-', 'woocommerce-', 'custom-', 'custom_website-', 'custom_website-custom-']) }
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const email = sha256('ana@example.com')
const mobile = sha256('919876543210')

describe('the person of a Nector event', () => {
  test('has identifiers, best first, without an address in them', () => {
    expect(personOf({ customerId: 'shopify-7', email: ' Ana@Example.com\t', mobile: '098765 43210', leadId: 'L1' }, readers)).toEqual({
      shopCustomerId: '7', emailHash: email, mobileHash: mobile, identifiers: ['customer:7', `email:${email}`, `mobile:${mobile}`, 'nector:L1']
    })
  })

  test('is known by the vendor\'s hashes before ours, and by a mobile number\'s other hash as well', () => {
    const mid = sha256('9876543210')
    const person = personOf({ emailHash: 'e', email: 'ana@example.com', mobileHash: mid, mobile: '+919876543210' }, readers)
    expect(person).toEqual({ shopCustomerId: null, emailHash: 'e', mobileHash: mid, identifiers: ['email:e', ...[`mobile:${mid}`, `mobile:${mobile}`].sort()] })
  })

  test.each([[{}], [{ email: '  ', mobile: '-' }], [{ customerId: null, email: null, mobile: null, leadId: null }]])('is nobody in %j', (sent) => {
    expect(personOf(sent, readers).identifiers).toEqual([])
  })
})

describe('a Netcore identity', () => {
  test('is an e-mail and nothing else where it looks like one', () => {
    expect(identityReadings('Ana@Example.com ', readers)).toEqual({ emailHash: email, mobileHash: null, customerId: null })
  })

  test('is hashed under each reading that the configuration may give it', () => {
    expect(identityReadings('+91 98765 43210', readers)).toEqual({ emailHash: sha256('+91 98765 43210'), mobileHash: mobile, customerId: '+91 98765 43210' })
    expect(identityReadings('shopify-77', readers)).toEqual({ emailHash: sha256('shopify-77'), mobileHash: sha256('77'), customerId: '77' })
    expect(identityReadings('anon', readers)).toEqual({ emailHash: sha256('anon'), mobileHash: null, customerId: 'anon' })
  })

  test('may be none', () => {
    expect(identityReadings(null, readers)).toEqual({ emailHash: null, mobileHash: null, customerId: null })
  })
})

describe('an identifier that identifies nobody ties nothing', () => {
  test.each(['0000000000', '+91 00000 00000', '9999999999', '1234567890', '+91 1234567890', '0', 'undefined', '-'])('mobile %s', (mobile) => {
    expect(personOf({ mobile, mobileHash: 'hash-of-it', leadId: 'L' }, readers)).toMatchObject({ mobileHash: null, identifiers: ['nector:L'] })
  })

  test.each(['noemail@shop.example', 'No-Email@shop.example', 'noreply@x.com', 'null', 'undefined', 'none@none.com', '@', 'a@', 'not given'])('e-mail %s', (email) => {
    expect(personOf({ email, emailHash: 'hash-of-it', leadId: 'L' }, readers)).toMatchObject({ emailHash: null, identifiers: ['nector:L'] })
  })

  test.each(['0', 'null', 'shopify-null', 'shopify-', 'undefined', ' '])('customer id %j', (customerId) => {
    expect(personOf({ customerId }, readers)).toMatchObject({ shopCustomerId: null, identifiers: [] })
  })

  test.each(['null', 'undefined', 'Anonymous', '0', ' guest '])('Netcore identity %j', (identity) => {
    expect(identityReadings(identity, readers)).toEqual({ emailHash: null, mobileHash: null, customerId: null })
  })

  test('but a real one is not taken for it', () => {
    expect(personOf({ email: 'noemail.singh@example.com', mobile: '99999 99998', customerId: '10' }, readers).identifiers).toHaveLength(3)
  })
})

describe('one person, however it is written', () => {
  test.each(['ana@example.com', ' ANA@example.com', 'ana@example.com\n', 'ana@example.com\u00a0', '\ufeffana@Example.COM\r\n'])('e-mail %j', (written) => {
    expect(personOf({ email: written }, readers).emailHash).toBe(email)
  })

  test('capitals beyond ASCII', () => {
    expect(personOf({ email: 'JOSÉ@EXAMPLE.COM' }, readers).emailHash).toBe(personOf({ email: 'josé@example.com' }, readers).emailHash)
  })

  test.each(['7002', 'woocommerce-7002', 'shopify-7002', 'custom_website-7002', 'custom_website-custom-7002', 'custom-7002', ' 7002 '])('customer id %j', (written) => {
    expect(personOf({ customerId: written }, readers).shopCustomerId).toBe('7002')
  })
})
