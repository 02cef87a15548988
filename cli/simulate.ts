import { InvalidArgumentError, Option, type Command } from 'commander'
import { readConfig, type Config } from '../config/config.ts'
import { AppError } from '../runtime/errors.ts'
import { localUrl } from '../runtime/local-url.ts'
import { createShop } from '../simulator/shop/create-shop.ts'
import { day } from '../simulator/durations.ts'
import { createProgress } from '../simulator/send/progress.ts'
import { sendWebhooks } from '../simulator/send/send-webhooks.ts'
import { describeSummary } from '../simulator/send/summary.ts'
import { configErrors } from '../config/config-errors.ts'

interface SimulateOptions {
  readonly events: number
  readonly rate?: number
  readonly seed: number
  readonly url?: string
  readonly days: number
  readonly until?: number
  readonly concurrency: number
  readonly business?: string
}

const examples = `
Examples:
  $ loyalty-warehouse simulate                           10,000 events of the last 30 days, as fast as they are accepted
  $ loyalty-warehouse simulate --events 200000 --rate 500
  $ loyalty-warehouse simulate --url https://hooks.example.com --business acme
  $ loyalty-warehouse simulate --seed 7 --until 2026-01-31T00:00:00Z     the same webhooks, byte for byte, each time

The secrets are those of CONFIG_FILE: it must be the file that the running ingest was started with.`

/** Adds `simulate`: sends the webhooks of an invented shop to a running ingest. */
export function registerSimulate (program: Command): void {
  program.command('simulate')
    .description('Sends realistic, correctly signed Nector and Netcore webhooks to a running ingest.')
    .option('-n, --events <count>', 'events to send, an activity or a Nector webhook each; repeats come on top', wholeNumber, 10_000)
    .option('-r, --rate <events/s>', 'send so many events a second; default: as many as are accepted', positiveNumber)
    .option('-s, --seed <number>', 'another seed, another shop', wholeNumber, 1)
    .addOption(new Option('-u, --url <url>', 'where the ingest listens; default: HTTP_PORT on this machine').argParser(webAddress))
    .option('-d, --days <count>', 'days of past that the events are spread over', positiveNumber, 30)
    .option('--until <time>', 'end of the days, ISO 8601; default: now', instant)
    .option('-c, --concurrency <count>', 'requests under way at once', positiveWholeNumber, 16)
    .option('-b, --business <id>', 'business of CONFIG_FILE; default: the first with both vendors')
    .addHelpText('after', examples)
    .action(async (options: SimulateOptions) => { await simulate(options) })
}

async function simulate ({ events, rate, seed, url: givenUrl, days, until, concurrency, business }: SimulateOptions): Promise<void> {
  const config = readConfig(process.env)
  const url = givenUrl ?? ingestUrl(config)
  const endAt = until ?? Date.now()
  const shop = createShop({ config, businessId: business, seed, startAt: endAt - days * day, endAt, events })
  const stop = new AbortController()
  const abort = (): void => { stop.abort() }
  process.once('SIGINT', abort).once('SIGTERM', abort)
  console.log(`Sending ${events} events of ${shop.sources.business.id} (seed ${seed}, ${days} days until ${new Date(endAt).toISOString()}) to ${url}`)
  const progress = createProgress(process.stdout, events)
  try {
    const summary = await sendWebhooks(shop, {
      url,
      concurrency,
      rate,
      signal: stop.signal,
      onAccepted (webhook) { progress.accepted(webhook) },
      onRetry (_webhook, reason) { progress.retried(reason) }
    })
    progress.stop()
    console.log(describeSummary(summary))
  } finally {
    progress.stop()
    process.off('SIGINT', abort).off('SIGTERM', abort)
  }
}

function ingestUrl ({ settings: { HTTP_HOST, HTTP_PORT } }: Config): string {
  if (HTTP_PORT === 0) throw new AppError(configErrors.CONFIG_INVALID, 'expected --url, as HTTP_PORT is 0 and so any port: it is printed at start')
  return localUrl(HTTP_HOST, HTTP_PORT)
}

function wholeNumber (value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(value)
}

function positiveWholeNumber (value: string): number {
  const number = wholeNumber(value)
  if (number === 0) throw new InvalidArgumentError('Expected a number above 0.')
  return number
}

function positiveNumber (value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Expected a number above 0.')
  return number
}

function instant (value: string): number {
  const time = Date.parse(value)
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected a time such as 2026-01-31T00:00:00Z.')
  return time
}

function webAddress (value: string): string {
  if (!URL.canParse(value) || !/^https?:/i.test(value)) throw new InvalidArgumentError('Expected a URL such as http://127.0.0.1:8080.')
  return value.replace(/\/+$/, '')
}
