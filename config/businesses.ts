import { isSupportedCountry } from 'libphonenumber-js/min'
import { z } from 'zod'
import { isAddressRange, isWideRange } from './address-range.ts'
import { isSecret } from './secret.ts'

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'expected 1 to 64 letters, digits, - or _, as it is part of a URL')
/** Secrets that can be guessed, or were pasted with blanks, are refused; the message never repeats the value. */
const secret = z.string().refine(isSecret, 'expected at least 8 characters, without blanks around them')
const stepName = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, 'expected letters, digits and _')
const timezone = z.string().refine(isTimezone, 'expected an IANA time zone such as Asia/Kolkata')
const allowIps = z.array(z.string().refine(isAddressRange, 'expected an address or CIDR range such as 203.0.113.0/24')).default([])

const nectorSource = z.strictObject({
  id,
  secrets: z.array(secret).default([]).describe('webhook secrets as set in the Nector dashboard, several during a rotation'),
  hmac: z.strictObject({
    mode: z.enum(['off', 'log', 'enforce']).default('log'),
    secrets: z.array(secret).min(1).optional().describe('keys of the HMAC, where they are not the webhook secrets')
  }).default({ mode: 'log' }),
  allowIps,
  insecure: z.boolean().default(false)
})

const netcoreSource = z.strictObject({
  id,
  tokens: z.array(secret).default([]).describe('what the webhook URL carries as ?token=, or Bearer, or the Basic password'),
  allowIps,
  timezone: timezone.describe('zone of the ts of every activity'),
  identity: z.enum(['email', 'mobile', 'customer_id']).describe('what the panel uses as primary key'),
  activities: z.record(z.string().regex(/^\d+$/, 'expected an activity id'), stepName).default({}),
  insecure: z.boolean().default(false)
})

const funnel = z.strictObject({
  name: stepName,
  windowHours: z.number().positive().max(24 * 366),
  steps: z.array(stepName).min(2).max(20)
})

const transactionTypes = z.array(z.string().trim().toLowerCase().min(1))

const business = z.strictObject({
  id,
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as INR'),
  coinValue: z.string().regex(/^\d{1,9}(\.\d{1,8})?$/, 'expected a decimal number in quotes, such as "0.10"'),
  country: z.string().refine(isCountry, 'expected an ISO 3166 code such as IN').optional().describe('country whose mobile numbers come without a country code'),
  customerIdPrefixes: z.array(z.string().min(1).max(64)).default(['shopify-', 'woocommerce-', 'custom_website-custom-', 'custom_website-', 'custom-'])
    .describe('what a platform puts before the customer ids of the shop: without it an id is the same from every vendor; default: the platforms of Nector'),
  transactionTypes: z.strictObject({
    reversal: transactionTypes.default(['reversal', 'reversed', 'reverse', 'refund', 'refunded', 'return', 'revert', 'rollback', 'cancel', 'cancelled', 'canceled', 'cancellation', 'void'])
      .describe('types of coin transactions that give back what another one moved: a credit is a redemption given back, a debit a reward taken back'),
    transfer: transactionTypes.default(['transfer', 'merge']).describe('types that move coins between accounts: neither issued nor redeemed')
  }).prefault({}),
  timezone: timezone.describe('zone of every daily figure'),
  nector: z.array(nectorSource).default([]),
  netcore: z.array(netcoreSource).default([]),
  funnels: z.array(funnel).default([])
})

/** CONFIG_FILE: the businesses, their webhook sources and their funnels. */
export const sourceConfigSchema = z.strictObject({ businesses: z.array(business).min(1) }).superRefine((config, context) => {
  const seen = new Set<string>()
  const once = (kind: string, value: string, path: PropertyKey[]): void => {
    const key = `${kind} ${value}`
    if (seen.has(key)) context.addIssue({ code: 'custom', path, message: `expected each ${kind} id once, got ${value} again` })
    seen.add(key)
  }
  config.businesses.forEach((business, b) => {
    once('business', business.id, ['businesses', b, 'id'])
    business.nector.forEach((source, s) => {
      const path = ['businesses', b, 'nector', s]
      once('nector source', source.id, [...path, 'id'])
      if (source.secrets.length === 0 && !restricts(source.allowIps) && !source.insecure) {
        context.addIssue({ code: 'custom', path, message: 'expected secrets or allowIps, or "insecure": true to take webhooks from anybody' })
      }
      if (source.hmac.mode === 'enforce' && source.secrets.length === 0 && source.hmac.secrets === undefined) {
        context.addIssue({ code: 'custom', path: [...path, 'hmac'], message: 'expected secrets or hmac.secrets, as hmac.mode is enforce' })
      }
    })
    business.netcore.forEach((source, s) => {
      const path = ['businesses', b, 'netcore', s]
      once('netcore source', source.id, [...path, 'id'])
      if (source.tokens.length === 0 && !restricts(source.allowIps) && !source.insecure) {
        context.addIssue({ code: 'custom', path, message: 'expected tokens or allowIps, or "insecure": true to take webhooks from anybody' })
      }
    })
    const known = new Set(business.netcore.flatMap((source) => Object.values(source.activities)))
    const funnelNames = new Set<string>()
    business.funnels.forEach((funnel, f) => {
      if (funnelNames.has(funnel.name)) context.addIssue({ code: 'custom', path: ['businesses', b, 'funnels', f, 'name'], message: `expected each funnel once, got ${funnel.name} again` })
      funnelNames.add(funnel.name)
      funnel.steps.forEach((step, s) => {
        if (funnel.steps.indexOf(step) < s) context.addIssue({ code: 'custom', path: ['businesses', b, 'funnels', f, 'steps', s], message: `expected each step once, got ${step} again` })
        if (known.has(step)) return
        context.addIssue({ code: 'custom', path: ['businesses', b, 'funnels', f, 'steps', s], message: `expected a name from the activities of a netcore source, got ${step}` })
      })
    })
  })
})

export type SourceConfig = Readonly<z.output<typeof sourceConfigSchema>>
export type BusinessConfig = SourceConfig['businesses'][number]
export type NectorSourceConfig = BusinessConfig['nector'][number]
export type NetcoreSourceConfig = BusinessConfig['netcore'][number]

/** Whether an allow-list excludes anybody. */
function restricts (ranges: readonly string[]): boolean {
  return ranges.length > 0 && !ranges.some((range) => isAddressRange(range) && isWideRange(range))
}

function isCountry (code: string): boolean {
  return isSupportedCountry(code)
}

function isTimezone (name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
