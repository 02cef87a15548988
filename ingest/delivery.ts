import type { Source } from './source.ts'

/** What is known of a webhook request once its headers have been read. */
export interface Delivery {
  readonly source: Source
  readonly remoteAddress: string
  /** On the monotonic clock, in milliseconds. */
  readonly startedAt: number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until a configured source has been found. */
    delivery: Delivery | null
  }
}
