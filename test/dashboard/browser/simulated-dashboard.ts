import { createShop } from '../../../simulator/shop/create-shop.ts'
import { sendWebhooks } from '../../../simulator/send/send-webhooks.ts'
import { readConfig } from '../../../config/config.ts'
import { createHome, eventually, startPipeline, type Home, type Pipeline } from '../../e2e/pipeline-process.ts'

export interface SimulatedDashboard {
  readonly home: Home
  readonly pipeline: Pipeline
  readonly origin: string
  stop (): Promise<void>
}

const monthMs = 30 * 24 * 3_600_000

/** The whole pipeline with the last month of an invented shop loaded. */
export async function simulatedDashboard (events: number, settings: Readonly<Record<string, string>> = {}): Promise<SimulatedDashboard> {
  const home = await createHome({ LOG_LEVEL: 'warn', ...settings })
  const pipeline = await startPipeline(home)
  const config = readConfig({ ...home.environment, CONFIG_FILE: `${home.folder}/loyalty.config.json` })
  const endAt = Date.now()
  await sendWebhooks(createShop({ config, seed: 7, startAt: endAt - monthMs, endAt, events }), { url: pipeline.url })
  await eventually(async () => {
    const metrics = await (await fetch(`${pipeline.adminUrl}/metrics`)).text()
    const waiting = [...metrics.matchAll(/^loyalty_log_lag_records\S* (\d+)$/gm)].filter(([, lag]) => lag !== '0')
    if (waiting.length > 0) throw new Error(`expected all to be loaded, got ${waiting.length} partitions that wait`)
  })
  return {
    home,
    pipeline,
    origin: pipeline.adminUrl,
    async stop () {
      await pipeline.stop()
      await home.remove()
    }
  }
}
