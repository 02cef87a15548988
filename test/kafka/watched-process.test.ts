import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { startWatched, watchdog } from './watched-process.ts'

const starter = fileURLToPath(new URL('start-watched.mjs', import.meta.url))
const forever = ['-e', 'setInterval(() => {}, 1000)']

function isAlive (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a process that is frozen dies with the process that asked for it, killed, and its folder goes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watched-'))
  const parent = spawn(process.execPath, [starter, watchdog, join(folder, 'log.txt'), folder, process.execPath, ...forever], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(parent.stdout, 'data') as [Buffer]
  const pid = Number(line.toString())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => {
    expect(isAlive(pid)).toBe(false)
    expect(existsSync(folder)).toBe(false)
  }, { timeout: 5000 })
})

test('a process is gone when its kill resolves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watched-'))
  const watched = await startWatched(join(folder, 'log.txt'), folder, process.execPath, forever)
  expect(isAlive(watched.pid)).toBe(true)
  await watched.signal('SIGKILL')
  expect(isAlive(watched.pid)).toBe(false)
})

test('a command that is not there is an error', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watched-'))
  await expect(startWatched(join(folder, 'log.txt'), folder, join(folder, 'nothing'), [])).rejects.toThrow('could not be started')
})
