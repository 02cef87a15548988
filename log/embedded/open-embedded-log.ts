import { AppError } from '../../runtime/errors.ts'
import type { Log, TopicDefinition } from '../log.ts'
import { CommitQueue } from './commit-queue.ts'
import { Committer } from './committer.ts'
import { lagOf } from './embedded-lag.ts'
import { EmbeddedWriter } from './embedded-writer.ts'
import { openStore } from './store.ts'
import { Subscriptions } from './subscriptions.ts'
import { checkTopics, TopicRegistry } from './topic-registry.ts'

export interface EmbeddedLogOptions {
  /** Directory of the LMDB environment; made where it is missing. */
  readonly path: string
  readonly topics: readonly TopicDefinition[]
  readonly backlogLimitBytes: number
}

/**
 * The log in an LMDB environment on this machine. Other processes may have the same environment open and append to it,
 * but a group is consumed in one process only.
 */
export async function openEmbeddedLog ({ path, topics: definitions, backlogLimitBytes }: EmbeddedLogOptions): Promise<Log> {
  checkTopics(definitions)
  const store = await openStore(path, definitions.map(topic => topic.name), backlogLimitBytes)
  const topics = new TopicRegistry(store, definitions)
  const queue = new CommitQueue(new Committer(store, topics.all), topics.all)
  const intake = new EmbeddedWriter(topics, queue, backlogLimitBytes)
  const internal = new EmbeddedWriter(topics, queue, Infinity)
  const subscriptions = new Subscriptions(topics, queue)

  let closed: Promise<void> | undefined
  const close = async () => {
    // 1. nothing new from outside
    intake.close()
    try {
      // 2. handlers end; what they still append is accepted
      await subscriptions.closeAll()
    } finally {
      // 3. nothing new at all, and what was accepted becomes durable
      internal.close()
      await queue.close()
      // 4. only then the environment: it must not go under a running transaction
      await store.root.close()
    }
  }
  const requireOpen = () => {
    if (closed !== undefined) throw new AppError('LOG_UNAVAILABLE', 'expected an open log, got one that is closed or closing')
  }

  return {
    intake,
    internal,
    async consume (options, handler) {
      requireOpen()
      return subscriptions.open(options, handler)
    },
    async lag () {
      requireOpen()
      queue.refresh()
      return lagOf(topics.all)
    },
    async backlog () {
      requireOpen()
      queue.refresh()
      return { bytes: queue.heldBytes, limit: backlogLimitBytes }
    },
    close () {
      closed ??= close()
      return closed
    }
  }
}
