import { AppError, isError } from '../../runtime/errors.ts'
import type { Logger } from '../../runtime/logger.ts'
import { pause } from '../../runtime/pause.ts'
import { repeatedLines } from '../../runtime/repeated-lines.ts'
import { codecs } from '../../schemas/codecs.ts'
import type { Topic } from '../../schemas/topics.ts'
import { confluentHeader } from './confluent-framing.ts'
import { createRegistryClient, type RegistryAccess, type Registration, type RegistryClient } from './registry-client.ts'
import { untilAborted } from './until-aborted.ts'
import { registryErrors } from './registry-error-codes.ts'
import { runtimeErrors } from '../../runtime/runtime-errors.ts'
import { backoffMs, type Backoff } from '../../runtime/backoff.ts'

/** Maps fingerprints to the registry's schema ids, and back. */
export interface SchemaIds {
  /** The prefix for a record of the topic with this fingerprint (16 hex digits). Throws INTERNAL for a schema that is not the topic's. */
  headerOf (topic: string, fingerprint: string): Buffer
  /** The fingerprint, 8 bytes, of a schema id; undefined until it was looked up. */
  fingerprintOf (id: number): Buffer | undefined
  /**
   * Looks up ids that are not cached, and caches the answers for ever. An id that the registry does not have, or that is no Avro schema, stays
   * unknown, with a WARN. Throws SCHEMA_REGISTRY_UNAVAILABLE or SCHEMA_UNKNOWN, both retryable.
   */
  learn (ids: Iterable<number>): Promise<void>
}

export interface SchemaIdsOptions {
  readonly registry: RegistryAccess
  readonly topics: readonly Topic[]
  /** KAFKA_PREFIX: the prefix of topic names in Kafka, and so of the subjects. */
  readonly prefix: string
  readonly logger: Logger
  /** Ends the wait for an unavailable registry. */
  readonly signal: AbortSignal
  readonly backoff?: Backoff
}

/**
 * Registers the schemas of every topic under `<prefix><topic>-value`, oldest first, so that the versions of the subject are in the order
 * of ours and every schema of this version has an id. Retries with back-off while the registry is unavailable, with a
 * WARN each time. Throws SCHEMA_INCOMPATIBLE, CONFIG_INVALID, or the signal's reason.
 */
export async function openSchemaIds (options: SchemaIdsOptions): Promise<SchemaIds> {
  const { topics, prefix, logger } = options
  const client = createRegistryClient(options.registry)
  const headers = new Map<string, ReadonlyMap<string, Buffer>>()
  const fingerprints = new Map<number, Buffer>()
  const lines = repeatedLines(logger)
  for (const { name, record } of topics) {
    const subject = `${prefix}${name}-value`
    const ofTopic = new Map<string, Buffer>()
    let compatibility = ''
    for (const { fingerprint, json } of codecs[record].writerSchemas.values()) {
      const registered = await registerPatiently(client, subject, json, options)
      ofTopic.set(fingerprint, confluentHeader(registered.id))
      fingerprints.set(registered.id, Buffer.from(fingerprint, 'hex'))
      compatibility = registered.compatibility
    }
    headers.set(name, ofTopic)
    if (compatibility === 'NONE') logger.warn({ subject, compatibility }, 'the schema registry checks nothing for a subject, as its compatibility says')
  }
  logger.info({ subjects: topics.length }, 'schemas are registered')

  return {
    headerOf (topic, fingerprint) {
      const header = headers.get(topic)?.get(fingerprint)
      if (header === undefined) throw new AppError(runtimeErrors.INTERNAL, `expected a schema that is registered for ${topic}, got fingerprint ${fingerprint}`)
      return header
    },
    fingerprintOf: (id) => fingerprints.get(id),
    async learn (ids) {
      await Promise.all(Array.from(ids, async (id) => {
        try {
          fingerprints.set(id, await client.fingerprint(id))
        } catch (error) {
          if (!isError(error, registryErrors.SCHEMA_ID_UNKNOWN)) throw error
          lines.say(`schema id ${id}`, 'warn', { err: error, id }, 'messages carry a schema id that the registry does not have; they become dead letters')
        }
      }))
    }
  }
}

async function registerPatiently (client: RegistryClient, subject: string, json: string, { logger, signal, backoff = { firstMs: 200, longestMs: 10_000 } }: SchemaIdsOptions): Promise<Registration> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await untilAborted(client.register(subject, json), signal)
    } catch (error) {
      if (!(error instanceof AppError) || !error.retryable) throw error
      logger.warn({ err: error, subject, attempt }, 'the schema registry does not answer; waiting for it')
      // the loop condition sees an aborted pause
      await pause(backoffMs(backoff, attempt), signal)
    }
  }
}
