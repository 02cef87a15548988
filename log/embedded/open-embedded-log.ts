import { AppError } from '../../runtime/errors.ts'
import type { Log, TopicDefinition } from '../log.ts'
import { backlogLimit } from './backlog-limit.ts'
import { CommitQueue } from './commit-queue.ts'
import { Committer } from './committer.ts'
import type { DamageReport } from './damaged-batches.ts'
import { diskSpace } from './disk-space.ts'
import { lagOf } from './embedded-lag.ts'
import { EmbeddedWriter } from './embedded-writer.ts'
import { makePrivateFolder, openStore } from './store.ts'
import { Subscriptions } from './subscriptions.ts'
import { requireReadableTopics } from './readable-topics.ts'
import { checkTopics, TopicRegistry } from './topic-registry.ts'
import { logErrors } from '../log-errors.ts'

export interface EmbeddedLogOptions {
  /** Directory of the LMDB environment; created if missing. */
  readonly path: string
  readonly topics: readonly TopicDefinition[]
  readonly backlogLimitBytes: number
  /** Free bytes of the disk below which the intake refuses. */
  readonly diskReserveBytes: number
  /** Called once for damaged records that a group skips; their bytes are stored by then. */
  readonly onDamaged: DamageReport
}

/**
 * The log in an LMDB environment on this machine. Other processes may open the same environment and append,
 * but only one process may consume a group. Rejects with LOG_DISK_FULL if the disk has no room to open it, and with LOG_DAMAGED
 * if the file is not sound.
 */
export async function openEmbeddedLog ({ path, topics: definitions, backlogLimitBytes, diskReserveBytes, onDamaged }: EmbeddedLogOptions): Promise<Log> {
  checkTopics(definitions)
  await makePrivateFolder(path)
  const disk = diskSpace(path, diskReserveBytes)
  disk.requireRoom(0)
  const store = await openStore(path, definitions.map(topic => topic.name), backlogLimitBytes)
  const topics = new TopicRegistry(store, definitions)
  const queue = new CommitQueue(new Committer(store, topics.all, disk), topics.all)
  const subscriptions = new Subscriptions({ topics, queue, path, onDamaged })
  const requireReadable = (): void => { requireReadableTopics(topics.all) }
  const requireBacklog = backlogLimit(queue, backlogLimitBytes)
  const intake = new EmbeddedWriter({
    topics,
    queue,
    requireReadable,
    requireRoom () {
      disk.requireReserve()
      requireBacklog()
    }
  })
  const internal = new EmbeddedWriter({ topics, queue, requireReadable, requireRoom: () => {} })

  let closed: Promise<void> | undefined
  const close = async () => {
    // 1. refuse new webhooks
    intake.close()
    try {
      // 2. end handlers; their appends are still accepted
      await subscriptions.closeAll()
    } finally {
      // 3. refuse all appends; flush what was accepted
      internal.close()
      await queue.close()
      // 4. close the environment last: a running transaction uses it
      await store.root.close()
    }
  }
  const requireOpen = () => {
    if (closed !== undefined) throw new AppError(logErrors.LOG_UNAVAILABLE, 'expected an open log, got one that is closed or closing')
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
    async disk () {
      return { freeBytes: disk.freeBytes, reserveBytes: disk.reserveBytes }
    },
    async ends () {
      requireOpen()
      queue.refresh()
      return topics.all.map(({ name, end }) => ({ topic: name, partition: 0, next: end.offset }))
    },
    close () {
      closed ??= close()
      return closed
    }
  }
}
