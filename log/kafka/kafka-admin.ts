import type { Admin, Kafka } from 'kafkajs'
import { classifyKafkaError } from './kafka-errors.ts'

interface Client {
  readonly admin: Promise<Admin>
  /** Requests in flight. */
  users: number
  /** Failed or closed: the next caller gets a new client. */
  discarded: boolean
}

/**
 * An admin client that is replaced after a failure: that of kafkajs does not recover from every loss of its brokers.
 *
 * A discarded client is disconnected when it has no request in flight: a request whose connection is closed reconnects,
 * and that connection would keep the process from exiting.
 */
export class KafkaAdmin {
  readonly #kafka: Pick<Kafka, 'admin'>
  #client: Client | undefined

  constructor (kafka: Pick<Kafka, 'admin'>) {
    this.#kafka = kafka
  }

  /**
   * `doing` names the operation in errors. `work` must await all of its requests. Rejects with LOG_UNAVAILABLE or
   * LOG_ACCESS_REFUSED, or with an AppError of `work`.
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

  /** Aborts requests in flight, and disconnects again whatever they reconnected. */
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
      // an open connection would keep the process from exiting
      await admin.disconnect().catch(() => {})
      throw error
    }
    return admin
  }
}

/** The client is discarded: its shutdown errors do not matter. */
async function disconnect ({ admin }: Client): Promise<void> {
  await admin.then((one) => one.disconnect()).catch(() => {})
}
