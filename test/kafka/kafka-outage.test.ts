import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { collect, record, textOf } from '../log/log-fixtures.ts'
import type { KafkaCluster } from './kafka-cluster.ts'
import type { KafkaNode } from './kafka-node.ts'
import { createSpace, type LogSpace } from './log-space.ts'
import { describeWithKafkaCluster } from './require-kafka.ts'

describeWithKafkaCluster('a Kafka that is away', (startCluster) => {
  let cluster: KafkaCluster
  let node: KafkaNode
  let space: LogSpace
  beforeAll(async () => {
    cluster = await startCluster({ nodes: 1 })
    node = cluster.nodes[0] as KafkaNode
  })
  afterAll(async () => { await cluster?.stop() })
  beforeEach(() => { space = createSpace(cluster.brokers) })
  afterEach(async () => {
    if (node.pid === undefined) await node.restart()
    await space.dispose()
  })

  test('at the start is waited for, and said', async () => {
    await node.kill()
    const opening = space.open()
    await vi.waitFor(() => { expect(space.logged.join()).toMatch(/Kafka is unavailable; waiting for it: expected Kafka to answer its topics/) }, { timeout: 60_000 })
    await node.restart()
    const { log } = await opening
    await log.intake.append([record(space.topic, 'first')])
    expect((await collect(log, space.group, [space.topic]).until(1)).map(textOf)).toEqual(['first'])
  })

  test('is no longer waited for once the signal says so', async () => {
    await node.kill()
    const stop = new AbortController()
    const opening = space.open({ signal: stop.signal })
    await vi.waitFor(() => { expect(space.logged.join()).toMatch(/Kafka is unavailable; waiting for it: expected Kafka to answer its topics/) }, { timeout: 60_000 })
    stop.abort()
    await expect(opening).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  })

  test('while records are appended and read loses none, and the probe tells', async () => {
    const { log, dead, lost } = await space.open()
    const reading = collect(log, space.group, [space.topic])
    const accepted: string[] = []
    const stop = new AbortController()
    const appenders = Array.from({ length: 5 }, async (_, appender) => {
      for (let i = 0; !stop.signal.aborted; i++) {
        const text = `${appender} ${i}`
        try {
          await log.intake.append([{ ...record(space.topic, text), key: text }])
          accepted.push(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'LOG_UNAVAILABLE' })
        }
        await sleep(20)
      }
    })
    await reading.until(50)
    await log.intake.probe()

    await node.kill()
    await expect(log.intake.probe()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
    await expect(log.lag()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' })
    // longer than kafkajs tries again by itself
    await sleep(15_000)
    const before = accepted.length
    await node.restart()

    await vi.waitFor(() => { expect(accepted.length).toBeGreaterThan(before + 100) }, { timeout: 60_000 })
    await log.intake.probe()
    stop.abort()
    await Promise.all(appenders)
    await vi.waitFor(async () => {
      const seen = new Set((await reading.until(0)).map(textOf))
      expect(accepted.filter((text) => !seen.has(text))).toEqual([])
    }, { timeout: 60_000, interval: 200 })
    await space.read(log)
    expect(dead).toEqual([])
    expect(lost).toEqual([])
  })
})
