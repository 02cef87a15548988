import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sourceConfigSchema } from '../../config/businesses.ts'
import { packageRoot } from '../../runtime/package-root.ts'

const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }

test.each(['README.md', 'CONTRIBUTING.md', 'docs/configuration.md', 'docs/operations.md', 'docs/analytics.md', 'docs/architecture.md'])('every npm command of %s exists', (file) => {
  const commands = [...read(file).matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name ?? '')
  expect(commands.length).toBeGreaterThan(0)
  expect(commands.filter((name) => !(name in scripts))).toEqual([])
})

test('the README is read in minutes', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(100)
})

test('the configuration of docs/configuration.md is a valid one', () => {
  const [, json = ''] = /```json\n([^]*?)```/.exec(read('docs/configuration.md')) ?? []
  expect(sourceConfigSchema.safeParse(JSON.parse(json))).toMatchObject({ success: true })
})
