import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDataDir } from '../../app/data-dir.ts'
import { settingsSchema } from '../../config/settings.ts'

let folder: string
let lines: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-dir-'))
  lines = []
})
afterEach(() => { rmSync(folder, { recursive: true }) })

const open = (path: string): string => openDataDir(settingsSchema.parse({ DATA_DIR: path }), pino({}, { write: (line: string) => { lines.push(line) } }))
const modeOf = (path: string): number => statSync(path).mode & 0o777

test('a new folder is its owner\'s alone', () => {
  expect(open(join(folder, 'a/b'))).toBe(join(folder, 'a/b'))
  expect(modeOf(join(folder, 'a/b'))).toBe(0o700)
  expect(lines).toEqual([])
})

test('an existing folder that others may enter is closed to them, and that is said', () => {
  const path = join(folder, 'open')
  mkdirSync(path)
  chmodSync(path, 0o777)
  open(path)
  expect(modeOf(path)).toBe(0o700)
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ level: 40, path, mode: '777' }])
})

test.each([
  ['a file', 'file', 'EEXIST'],
  ['below a file', 'file/below', 'ENOTDIR']
])('%s is a problem of the configuration', (_name, name, code) => {
  writeFileSync(join(folder, 'file'), '')
  expect(() => open(join(folder, name))).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(new RegExp(`^DATA_DIR: expected .*${name} to be a folder .*got ${code}`)) as string }) as Error)
})
