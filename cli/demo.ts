import type { Command } from 'commander'
import type { Environment } from '../config/config.ts'
import { localUrl } from '../runtime/local-url.ts'
import { roles } from '../app/roles.ts'
import { streamLive } from '../simulator/send/stream-live.ts'
import { start } from '../app/start.ts'

/** A temporary folder: invented customers must not mix with real ones. Fewer, larger inserts, so that a small machine fills the past in seconds. */
const demoDefaults: Environment = { DATA_DIR: './data-demo', CONFIG_FILE: './data-demo/loyalty.config.json', LOG_LEVEL: 'warn', LOAD_MAX_WAIT_MS: '1200' }

/** Enough for every chart to show something within seconds. */
const pastEvents = 2_500
const pastDays = 30

export function registerDemo (program: Command): void {
  program.command('demo')
    .description('Runs the pipeline and sends it the webhooks of an invented shop: a month of past at once, then events as they happen.')
    .addHelpText('after', `
Its data and configuration are in ./data-demo, apart from yours; delete the folder to begin anew.

Examples:
  $ npm run demo
  $ DATA_DIR=/tmp/demo npm run demo`)
    .action(async () => {
      const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''))
      await start({
        wanted: new Set(roles),
        environment: { ...demoDefaults, ...given },
        async beside (config, { ingestPort }, signal) {
          console.log('Filling the last 30 days …')
          await streamLive({
            config,
            url: localUrl(config.settings.HTTP_HOST, ingestPort ?? config.settings.HTTP_PORT),
            now: Date.now,
            days: pastDays,
            backfillEvents: pastEvents,
            live: { eventsPerSecond: pastEvents / (pastDays * 86_400), atFirst: { eventsPerSecond: 0.5, forMs: 2 * 60_000 } },
            signal,
            onLive: () => { console.log('The past is filled. New events come every few seconds for two minutes, then as often as on any other day. Ctrl-C ends it.') }
          })
        }
      })
    })
}
