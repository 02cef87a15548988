import type { Admin, Kafka } from 'kafkajs'
import { classifyKafkaError } from './kafka-errors.ts'

interface Client {
  readonly admin: Promise<Admin>
  /** Work that is under way with it. */
  users: number
  /** Has failed or is not wanted any more: whoever comes gets another one. */
  discarded: boolean
}

/**
 * An admin client that is made anew after a failure: that of kafkajs does not get over every loss of its brokers.
 *
 * One that is discarded is ended when nothing is under way with it any more: a request whose connection is closed under it connects
 * again, and that connection would stay and keep the process from ending.
 */
export class KafkaAdmin {
  readonly #kafka: Pick<Kafka, 'admin'>
  #client: Client | undefined

  constructor (kafka: Pick<Kafka, 'admin'>) {
    this.#kafka = kafka
  }

  /**
   * `doing` says in an error what was tried. `work` ends only when every request of it has. Rejects with LOG_UNAVAILABLE or
   * LOG_ACCESS_REFUSED, or what `work` threw of ours.
   */
  async run<T> (doing: string, work: (admin: Admin) => Promise<T>): Promise<T> {
    const client = this.#client ??= { admin: this.#connect(), users: 0, discarded: false }
    client.users++
    try {
      return await work(await client.admin)
    } catch (error) {
      this.#discard(client)
      throw classifyKafkaError(error, doing)
    } finally {
      client.users--
      if (client.discarded && client.users === 0) void disconnect(client)
    }
  }

  /** What is under way is cut off, and once it has ended, so is what it may have opened again. */
  async close (): Promise<void> {
    const client = this.#client
    if (client === undefined) return
    this.#discard(client)
    await disconnect(client)
  }

  #discard (client: Client): void {
    client.discarded = true
    if (this.#client === client) this.#client = undefined
  }

  async #connect (): Promise<Admin> {
    const admin = this.#kafka.admin({ retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 1_000 } })
    try {
      await admin.connect()
    } catch (error) {
      // what it has opened would keep the process from ending
      await admin.disconnect().catch(() => {})
      throw error
    }
    return admin
  }
}

/** It was given up: how its end goes is of no consequence. */
async function disconnect ({ admin }: Client): Promise<void> {
  await admin.then((one) => one.disconnect()).catch(() => {})
}
