import { expect, test, vi } from 'vitest'
import { pino } from 'pino'
import type { ServerChild, ServerExit } from '../../warehouse/embedded/server-child.ts'
import { ServerSupervisor } from '../../warehouse/embedded/server-supervisor.ts'

function fakeChild (pid: number): ServerChild {
  let end: (exit: ServerExit) => void = () => {}
  const exited = new Promise<ServerExit>((resolve) => { end = resolve })
  const die = (): void => { end({ code: 1, signal: undefined, lastWords: '', clickHouseCode: undefined }) }
  return { pid, startedAt: performance.now(), exited, stop: die, kill: die }
}

test('a restart that fails before there is a process, as on a full disk, is logged and tried again', async () => {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => { lines.push(JSON.parse(line) as Record<string, unknown>) } })
  const children: ServerChild[] = []
  let calls = 0
  const supervisor = new ServerSupervisor({
    async spawn () {
      calls++
      if (calls === 2) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      const child = fakeChild(calls)
      children.push(child)
      return child
    },
    ready: async () => {},
    logger,
    dataPath: '/nowhere',
    graceMs: 0
  })
  await supervisor.start()
  children[0]?.kill()
  await vi.waitFor(() => { expect(lines.map(({ msg }) => msg)).toContain('embedded ClickHouse is back') }, { timeout: 10_000 })
  expect(supervisor.pid).toBe(3)
  expect(lines).toContainEqual(expect.objectContaining({ reason: expect.stringContaining('ENOSPC') as string, quickDeaths: 2 }))
  await supervisor.close()
  expect(calls).toBe(3)
})
