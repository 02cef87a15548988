/** A queue of messages for one reader. */
export class Mailbox<T> {
  readonly #waiting: T[] = []
  #failure: Error | undefined
  #wake: (() => void) | undefined

  get isEmpty (): boolean {
    return this.#waiting.length === 0
  }

  put (message: T): void {
    this.#waiting.push(message)
    this.#wake?.()
  }

  /** From now on `next` rejects with it. */
  fail (error: Error): void {
    this.#failure ??= error
    this.#wake?.()
  }

  async next (): Promise<T> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      const message = this.#waiting.shift()
      if (message !== undefined) return message
      await new Promise<void>((resolve) => { this.#wake = resolve })
      this.#wake = undefined
    }
  }
}
