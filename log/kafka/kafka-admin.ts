import type { Admin, Kafka } from 'kafkajs'
import { classifyKafkaError } from './kafka-errors.ts'

/** An admin client that is made anew after a failure: that of kafkajs does not get over every loss of its brokers. */
export class KafkaAdmin {
  readonly #kafka: Kafka
  #admin: Promise<Admin> | undefined

  constructor (kafka: Kafka) {
    this.#kafka = kafka
  }

  /** `doing` says in an error what was tried. Rejects with LOG_UNAVAILABLE or LOG_ACCESS_REFUSED, or what `work` threw of ours. */
  async run<T> (doing: string, work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#admin ??= this.#connect()
    try {
      return await work(await admin)
    } catch (error) {
      if (this.#admin === admin) this.#admin = undefined
      void disconnect(admin)
      throw classifyKafkaError(error, doing)
    }
  }

  async close (): Promise<void> {
    const admin = this.#admin
    this.#admin = undefined
    if (admin !== undefined) await disconnect(admin)
  }

  async #connect (): Promise<Admin> {
    const admin = this.#kafka.admin({ retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 1_000 } })
    await admin.connect()
    return admin
  }
}

/** It was given up: how its end goes is of no consequence. */
async function disconnect (admin: Promise<Admin>): Promise<void> {
  await admin.then((one) => one.disconnect()).catch(() => {})
}
