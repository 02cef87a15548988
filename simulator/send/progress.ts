import { SingleBar } from 'cli-progress'
import type { WriteStream } from 'node:tty'
import type { SimulatedWebhook } from '../webhook.ts'

/** Tells a person how far the sending is. */
export interface Progress {
  accepted (webhook: SimulatedWebhook): void
  retried (reason: string): void
  /** May be called more than once. */
  stop (): void
}

const lineEveryMs = 5_000

/** A bar on a terminal; elsewhere, such as in the log of a build, a line every few seconds. */
export function createProgress (output: WriteStream, total: number): Progress {
  const bar = output.isTTY ? createBar(output, total) : undefined
  const startedAt = performance.now()
  let events = 0
  let retries = 0
  let lastReason = ''
  let saidAt = startedAt

  const speed = (): number => Math.round(events / Math.max(0.001, (performance.now() - startedAt) / 1000))
  const note = (): string => retries === 0 ? '' : `, ${retries} retries (${lastReason})`

  function say (): void {
    if (bar !== undefined) return bar.update(events, { speed: speed(), note: note() })
    if (performance.now() - saidAt < lineEveryMs) return
    saidAt = performance.now()
    output.write(`${events} of ${total} events, ${speed()} events/s${note()}\n`)
  }

  return {
    accepted (webhook) {
      if (!webhook.repeat) events += webhook.events
      say()
    },
    retried (reason) {
      retries += 1
      lastReason = reason
      say()
    },
    stop: () => bar?.stop()
  }
}

function createBar (output: WriteStream, total: number): SingleBar {
  const bar = new SingleBar({
    stream: output,
    format: '{bar} {percentage}% | {value} of {total} events | {speed} events/s | {eta_formatted} left{note}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    etaBuffer: 200
  })
  bar.start(total, 0, { speed: 0, note: '' })
  return bar
}
