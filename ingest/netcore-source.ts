import type { FastifyRequest } from 'fastify'
import { addressMatcher } from '../config/address-range.ts'
import { AppError } from '../runtime/errors.ts'
import type { BusinessConfig, NetcoreSourceConfig } from '../config/businesses.ts'
import { checkNetcoreBody } from '../vendors/netcore/body.ts'
import { equalsAny, sha256 } from './sha256.ts'
import type { Source } from './source.ts'
import { runtimeErrors } from '../runtime/runtime-errors.ts'

/** A Netcore source: a token in the URL or in Authorization, as the vendor signs nothing. */
export function netcoreSource (business: BusinessConfig, config: NetcoreSourceConfig): Source {
  const tokenDigests = config.tokens.map(sha256)
  return {
    vendor: 'netcore',
    business: business.id,
    id: config.id,
    admits: config.allowIps.length === 0 ? () => true : addressMatcher(config.allowIps),
    authenticate (request) {
      if (tokenDigests.length === 0) return
      const tokens = readTokens(request)
      if (tokens.length === 0) throw new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected a token as ?token=, Bearer or Basic password, got none')
      if (!tokens.some((token) => equalsAny(sha256(token), tokenDigests))) {
        throw new AppError(runtimeErrors.NOT_AUTHENTIC, 'expected a token of this source, got another')
      }
    },
    verify: () => 'off',
    checkWebhook: ({ headers }, body) => { checkNetcoreBody(body, headers['content-type'] ?? '') },
    topic: () => null,
    deliveryId: () => null
  }
}

function readTokens (request: FastifyRequest): readonly string[] {
  const tokens: string[] = []
  const query = (request.query as Readonly<Record<string, unknown>>)['token']
  // in a query a plus means a blank; a token pasted as it is means the plus
  if (typeof query === 'string') tokens.push(query, ...(query.includes(' ') ? [query.replaceAll(' ', '+')] : []))
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').trim().split(/ +/, 2)
  if (scheme.toLowerCase() === 'bearer') tokens.push(credentials)
  if (scheme.toLowerCase() === 'basic') {
    const pair = Buffer.from(credentials, 'base64').toString('utf8')
    tokens.push(pair.slice(pair.indexOf(':') + 1))
  }
  return tokens
}
