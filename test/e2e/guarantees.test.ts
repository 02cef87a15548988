import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sumOfMetric } from './deployment.ts'
import { embeddedDeployment } from './embedded-deployment.ts'
import { describeGuarantees } from './guarantees-suite.ts'
import { eventually, sendNector, startPipeline, type Sent } from './pipeline-process.ts'
import { missingFromRaw, recorder } from './simulated-load.ts'

describeGuarantees(embeddedDeployment, (deployment) => {
  // The embedded log alone has a limit in bytes; Kafka keeps by time.
  test('a full backlog is refused with 503, and the same process takes in again once others have drained it', async () => {
    await deployment().stop()
    const { home } = deployment()
    const small = { ...home, environment: { ...home.environment, BACKLOG_LIMIT_BYTES: '200000' } }
    const ingest = await startPipeline(small, ['start', '--roles', 'ingest'])
    try {
      const { accepted, note } = recorder()
      let sent = 0
      const send = async (): Promise<Sent> => {
        const body = Buffer.from(JSON.stringify({ n: sent++, filler: 'x'.repeat(2000) }))
        const answer = await sendNector(ingest.url, 'festive_spin', body)
        if (answer.status === 200) note({ body })
        return answer
      }

      let last = await send()
      for (let n = 1; last.status === 200 && n < 500; n++) last = await send()
      expect(last).toMatchObject({ status: 503, retryAfter: '30', body: expect.stringContaining('"LOG_BACKLOG_FULL"') as string })
      expect(accepted.size).toBeGreaterThan(50)
      expect((await send()).status).toBe(503)

      const others = await startPipeline(small, ['start', '--roles', 'transform,load'])
      try {
        await eventually(async () => { expect((await send()).status).toBe(200) })
        await eventually(async () => { expect(await missingFromRaw(others, accepted)).toEqual([]) })
      } finally {
        await others.killAll()
      }
    } finally {
      await ingest.killAll()
    }
  })
  test('an empty log beside a ClickHouse that has loaded is said at start, and what comes then is loaded all the same', async () => {
    const { home, stop, start, url, query, metrics, output } = deployment()
    for (let n = 0; n < 20; n++) expect((await sendNector(url, 'festive_spin', { n })).status).toBe(200)
    const loaded = async (): Promise<number> => Number((await query('SELECT count() AS n FROM landing.other_events FINAL'))[0]?.['n'])
    await eventually(async () => { expect(await loaded()).toBe(20) })
    await eventually(async () => { expect(await query('SELECT count() AS n FROM landing.receipts FINAL')).toEqual([{ n: 20 }]) })
    await stop()
    await rm(join(home.folder, 'data/log'), { recursive: true })
    await start()
    await eventually(async () => { expect(output()).toContain('the log ends before the offset that the warehouse has loaded') })
    expect(sumOfMetric(await metrics(), 'loyalty_log_behind_warehouse_records{topic="nector.raw",partition="0"}')).toBe(20)
    for (let n = 0; n < 20; n++) expect((await sendNector(url, 'festive_spin', { n: n + 100 })).status).toBe(200)
    await eventually(async () => { expect(await loaded()).toBe(40) })
  })
})
