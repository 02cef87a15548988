import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test, type TestContext } from 'vitest'

const script = fileURLToPath(new URL('fill-disk.mjs', import.meta.url))
const mebibyte = 1024 * 1024

interface Outcome {
  readonly opened: boolean
  readonly code?: string
  readonly free: number
  readonly acknowledged: number
  readonly refusals: readonly string[]
  readonly probe: string
  readonly deliveredBefore: number
  readonly delivered: number
  readonly afterwards: string
}

/** Rejects where the child was ended by a signal, or left with a status other than 0. What it says on standard error must be JSON lines. */
async function run (command: string, ...args: readonly string[]): Promise<Outcome> {
  const { stdout, stderr } = await promisify(execFile)(command, args)
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Outcome
}

const onFull = (folder: string, filler: string) => run(process.execPath, script, folder, filler)

describe('a full disk', () => {
  const unmount: Array<() => void> = []
  const folders: string[] = []
  afterEach(async () => {
    for (const undo of unmount.splice(0).reverse()) undo()
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
  })

  async function newFolder (): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'full-disk-'))
    folders.push(folder)
    return folder
  }

  /** A small file system of its own; the test is skipped, with the reason, where this machine lets nobody mount one. */
  async function mount (context: TestContext, kind: 'tmpfs' | 'ext4', mebibytes: number): Promise<string> {
    const folder = await newFolder()
    const at = join(folder, 'disk')
    await mkdir(at)
    const args = kind === 'tmpfs' ? ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', at] : ['-o', 'loop', image(folder, mebibytes, context), at]
    const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' })
    if (status !== 0) context.skip(`a full disk needs the right to mount ${kind}, and mount said: ${error?.message ?? stderr.trim()}`)
    unmount.push(() => { execFileSync('umount', [at]) })
    return at
  }

  function image (folder: string, mebibytes: number, context: TestContext): string {
    const file = join(folder, 'image')
    const handle = openSync(file, 'w')
    ftruncateSync(handle, mebibytes * mebibyte)
    closeSync(handle)
    const { status, error, stderr } = spawnSync('mkfs.ext4', ['-q', file], { encoding: 'utf8' })
    if (status !== 0) context.skip(`a full disk of ext4 needs mkfs.ext4, which said: ${error?.message ?? stderr}`)
    return file
  }

  for (const kind of ['tmpfs', 'ext4'] as const) {
    test(`of ${kind} is refused thousands of times, loses nothing, and is used again once there is room`, async (context) => {
      const at = await mount(context, kind, 160)
      const outcome = await onFull(join(at, 'log'), join(at, 'filler'))
      expect(outcome.free).toBeLessThan(mebibyte)
      expect(outcome).toMatchObject({ refusals: ['LOG_DISK_FULL'], probe: 'LOG_DISK_FULL', acknowledged: 20, deliveredBefore: 20, afterwards: 'durable', delivered: 21 })
    })

    test(`of ${kind} is said when the log is opened, and the log is as it was once there is room`, async (context) => {
      const at = await mount(context, kind, 160)
      const filler = join(at, 'filler')
      await onFull(join(at, 'log'), filler)
      expect(() => { writeFileSync(filler, Buffer.alloc(160 * mebibyte)) }).toThrow('ENOSPC')
      for (let attempt = 0; attempt < 3; attempt++) expect(await onFull(join(at, 'log'), filler)).toEqual({ opened: false, code: 'LOG_DISK_FULL' })
      await rm(filler)
      expect(await onFull(join(at, 'log'), filler)).toMatchObject({ opened: true, acknowledged: 20, delivered: 21 })
    })
  }

  test('of 6 MiB does not let the log be opened, however often', async (context) => {
    const at = await mount(context, 'tmpfs', 6)
    for (let attempt = 0; attempt < 3; attempt++) expect(await onFull(join(at, 'log'), join(at, 'filler'))).toEqual({ opened: false, code: 'LOG_DISK_FULL' })
  })

  test('a file that may not grow any more is refused in the same way: a limit of the process, which the disk does not tell', async () => {
    const folder = await newFolder()
    // blocks of 512 or 1024 bytes, as the shell likes: a file of 100 or 200 MiB
    const outcome = await run('sh', '-c', 'ulimit -S -f 204800; exec "$0" "$@"', process.execPath, script, folder)
    expect(outcome).toMatchObject({ refusals: ['LOG_DISK_FULL'], probe: 'LOG_DISK_FULL' })
    expect(outcome.acknowledged).toBeGreaterThan(20)
    expect(outcome.deliveredBefore).toBe(outcome.acknowledged)
  })
})
