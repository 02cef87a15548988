import { createHmac, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { hmacSha256 } from '../../ingest/hmac-sha256.ts'

it('is what createHmac makes, for keys and bodies of every length', () => {
  for (const keyLength of [0, 1, 32, 63, 64, 65, 200]) {
    const secret = randomBytes(keyLength).toString('latin1').slice(0, keyLength)
    const hmac = hmacSha256(secret)
    for (const length of [0, 1, 31, 55, 56, 63, 64, 65, 1000, 100_000]) {
      const body = randomBytes(length)
      expect(hmac(body).equals(createHmac('sha256', secret).update(body).digest())).toBe(true)
    }
  }
})

it('is the example of RFC 4231', () => {
  expect(hmacSha256('Jefe')(Buffer.from('what do ya want for nothing?')).toString('hex')).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
})
