import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import type { Type } from 'avsc'
import { fingerprintOf } from '../../schemas/codec.ts'
import { lookUpError, notAvro, registrationError } from './registry-errors.ts'

export interface RegistryAccess {
  readonly url: string
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** The registry counts as unavailable after this long without a byte of response. */
  readonly requestTimeoutMs?: number
}

/** A schema under a subject, and the compatibility level that the subject's next schema must meet. */
export interface Registration {
  readonly id: number
  readonly compatibility: string
}

export interface RegistryClient {
  /**
   * Registers a schema, or finds it registered. Throws SCHEMA_INCOMPATIBLE, CONFIG_INVALID (credentials, URL) or
   * SCHEMA_REGISTRY_UNAVAILABLE, after which it may be repeated.
   */
  register (subject: string, json: string): Promise<Registration>
  /**
   * The fingerprint of the schema with this id, 8 bytes. Asks once for an id, however many ask at the same time; a failure is not
   * remembered. Throws SCHEMA_UNKNOWN or SCHEMA_REGISTRY_UNAVAILABLE.
   */
  fingerprint (id: number): Promise<Buffer>
}

/**
 * Compatibility for a subject that has no level of its own: readers of any version read what any version wrote, which is the
 * rule of our schemas (docs/architecture.md, Schemas).
 */
const defaultCompatibility = COMPATIBILITY.FULL_TRANSITIVE

type Middleware = NonNullable<ConstructorParameters<typeof SchemaRegistry>[0]['middlewares']>[number]

export function createRegistryClient ({ url, user, password, requestTimeoutMs = 5_000 }: RegistryAccess): RegistryClient {
  const levels = new Map<string, COMPATIBILITY>()
  const registry = new SchemaRegistry({
    host: url,
    clientId: 'loyalty-warehouse',
    // callers retry: their back-off is longer and can be aborted
    retry: { retries: 0 },
    middlewares: [withTimeout(requestTimeoutMs), noteLevels(levels)],
    ...(user === undefined ? {} : { auth: { username: user, password: password ?? '' } })
  })

  return {
    async register (subject, json) {
      const told = levels.get(subject) ?? defaultCompatibility
      try {
        return await register(subject, json, told)
      } catch (error) {
        // The client rejects a subject whose level differs from its argument. A level that an operator has set is kept.
        const own = levels.get(subject) ?? told
        if (own === told) throw registrationError(error, subject, told)
        return await register(subject, json, own).catch((again: unknown) => { throw registrationError(again, subject, own) })
      }
    },
    async fingerprint (id) {
      const schema = await registry.getSchema(id).catch((error: unknown) => { throw lookUpError(error, id) })
      if (!isAvroType(schema)) throw notAvro(id)
      return fingerprintOf(schema)
    }
  }

  async function register (subject: string, json: string, compatibility: COMPATIBILITY): Promise<Registration> {
    // The full text, with logical types, defaults and documentation.
    const { id } = await registry.register({ type: SchemaType.AVRO, schema: json }, { subject, compatibility })
    if (!Number.isInteger(id)) throw new Error('an answer without the id of the schema')
    return { id, compatibility }
  }
}

function isAvroType (schema: object): schema is Pick<Type, 'schema'> {
  return 'schema' in schema && typeof schema.schema === 'function'
}

/** The client has no timeout of its own. */
function withTimeout (timeout: number): Middleware {
  return () => ({ prepareRequest: async (next) => (await next()).enhance({ timeout }) })
}

/** The client reads the level of a subject but does not expose it. */
function noteLevels (levels: Map<string, COMPATIBILITY>): Middleware {
  return ({ resourceMethod }) => ({
    response: async (next, _renew, request) => {
      const response = await next()
      if (resourceMethod === 'config') {
        const level = response.data<{ compatibilityLevel?: string } | null>()?.compatibilityLevel
        const subject = request.params()['subject']
        if (typeof level === 'string' && typeof subject === 'string') levels.set(subject, level.toUpperCase() as COMPATIBILITY)
      }
      return response
    }
  })
}
