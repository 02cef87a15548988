import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { AppError } from '../runtime/errors.ts'
import type { BusinessConfig, NectorSourceConfig } from '../config/businesses.ts'
import { addressMatcher } from '../config/address-range.ts'
import { headerOrNull, isContradictory, onceOf } from './header-text.ts'
import { checkNectorBody } from '../vendors/nector/body.ts'
import { vendorErrors } from '../vendors/vendor-errors.ts'
import { equalsAny, readSha256, sha256 } from './sha256.ts'
import type { Source } from './source.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

/** A Nector source: the digest of the secret in one header, perhaps the HMAC of the body in another. */
export function nectorSource (business: BusinessConfig, config: NectorSourceConfig): Source {
  const secretDigests = config.secrets.map(sha256)
  const enforced = config.hmac.mode === 'enforce'
  return {
    vendor: 'nector',
    business: business.id,
    id: config.id,
    admits: config.allowIps.length === 0 ? () => true : addressMatcher(config.allowIps),
    authenticate ({ headers }) {
      if (secretDigests.length > 0) checkSecret(headers['x-nector-webhook-secret'], secretDigests)
      // A missing or malformed signature is refused before the body is read.
      if (enforced && readSignature(headers) === undefined) throw signatureRefused(headers)
    },
    verify: verifier(config),
    checkWebhook ({ headers, raw }, body) {
      for (const name of oneValued) {
        if (headers[name]?.includes(', ') === true && isContradictory(raw, name)) throw new AppError(vendorErrors.BODY_MALFORMED, `expected ${name} once, got it with several values`)
      }
      checkNectorBody(body)
    },
    topic: (headers) => headerOrNull(headers['x-nector-topic']),
    deliveryId: (headers) => headerOrNull(headers['x-nector-delivery-id'])
  }
}

/** Headers that name the event: with several values, none would be right. */
const oneValued = ['x-nector-topic', 'x-nector-delivery-id', 'x-nector-timestamp'] as const

function checkSecret (header: string | string[] | undefined, expected: readonly Buffer[]): void {
  if (typeof header !== 'string') throw new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected x-nector-webhook-secret, got none')
  const digest = readSha256(onceOf(header))
  if (digest === undefined) throw new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected x-nector-webhook-secret to be a SHA-256 in hex or base64, got something else')
  if (!equalsAny(digest, expected)) throw new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected x-nector-webhook-secret to be the SHA-256 of a secret of this source, got another')
}

function verifier (config: NectorSourceConfig): Source['verify'] {
  const keys = config.hmac.secrets ?? config.secrets
  const enforced = config.hmac.mode === 'enforce'
  // Without a key a signature cannot be verified.
  if (config.hmac.mode === 'off' || (keys.length === 0 && !enforced)) return () => 'off'
  return (headers, body) => {
    const signature = readSignature(headers)
    const valid = signature !== undefined && keys.some((key) => timingSafeEqual(createHmac('sha256', key).update(body).digest(), signature))
    if (enforced && !valid) throw signatureRefused(headers)
    if (valid) return 'valid'
    return headers['x-nector-webhook-hmac'] === undefined ? 'absent' : 'invalid'
  }
}

/** The signature's bytes; undefined where it is missing, illegible, or made by an algorithm that is not SHA-256. */
function readSignature (headers: IncomingHttpHeaders): Buffer | undefined {
  const signature = headers['x-nector-webhook-hmac']
  const algorithm = headers['x-nector-webhook-hmac-algo'] ?? 'sha256'
  if (typeof signature !== 'string' || typeof algorithm !== 'string' || onceOf(algorithm).toLowerCase() !== 'sha256') return undefined
  return readSha256(onceOf(signature))
}

function signatureRefused (headers: IncomingHttpHeaders): AppError {
  const got = headers['x-nector-webhook-hmac'] === undefined ? 'none' : 'another'
  return new AppError(runtimeErrors.NOT_AUTHENTIC, `expected x-nector-webhook-hmac to be the HMAC-SHA256 of the body in hex or base64, got ${got}`)
}
