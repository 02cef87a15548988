import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { identityReadings, personOf } from '../../vendors/identifiers.ts'
import { mobileReader } from '../../vendors/mobile-number.ts'

const readMobile = mobileReader('IN')
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const email = sha256('ana@example.com')
const mobile = sha256('919876543210')

describe('the person of a Nector event', () => {
  test('has identifiers, best first, without an address in them', () => {
    expect(personOf({ customerId: 'shopify-7', email: ' Ana@Example.com\t', mobile: '098765 43210', leadId: 'L1' }, readMobile)).toEqual({
      shopCustomerId: '7', emailHash: email, mobileHash: mobile, identifiers: ['customer:7', `email:${email}`, `mobile:${mobile}`, 'nector:L1']
    })
  })

  test('is known by the vendor\'s hashes before ours, and by a mobile number\'s other hash as well', () => {
    const mid = sha256('9876543210')
    const person = personOf({ emailHash: 'e', email: 'ana@example.com', mobileHash: mid, mobile: '+919876543210' }, readMobile)
    expect(person).toEqual({ shopCustomerId: null, emailHash: 'e', mobileHash: mid, identifiers: ['email:e', ...[`mobile:${mid}`, `mobile:${mobile}`].sort()] })
  })

  test.each([[{}], [{ email: '  ', mobile: '-' }], [{ customerId: null, email: null, mobile: null, leadId: null }]])('is nobody in %j', (sent) => {
    expect(personOf(sent, readMobile).identifiers).toEqual([])
  })
})

describe('a Netcore identity', () => {
  test('is an e-mail and nothing else where it looks like one', () => {
    expect(identityReadings('Ana@Example.com ', readMobile)).toEqual({ emailHash: email, mobileHash: null, customerId: null })
  })

  test('is hashed under each reading that the configuration may give it', () => {
    expect(identityReadings('+91 98765 43210', readMobile)).toEqual({ emailHash: sha256('+91 98765 43210'), mobileHash: mobile, customerId: '+91 98765 43210' })
    expect(identityReadings('shopify-77', readMobile)).toEqual({ emailHash: sha256('shopify-77'), mobileHash: sha256('77'), customerId: '77' })
    expect(identityReadings('anon', readMobile)).toEqual({ emailHash: sha256('anon'), mobileHash: null, customerId: 'anon' })
  })

  test('may be none', () => {
    expect(identityReadings(null, readMobile)).toEqual({ emailHash: null, mobileHash: null, customerId: null })
  })
})
