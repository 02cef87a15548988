import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { settingsSchema } from '../../config/settings.ts'
import { sourceConfigSchema } from '../../config/businesses.ts'

const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
const { scripts } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

test('the settings table is what the program reads', () => {
  const rows = Object.entries(settingsSchema.shape).map(([name, setting]) => {
    const unset = setting.safeParse(undefined)
    const fallback = unset.success && unset.data !== undefined && typeof unset.data !== 'object' && unset.data !== '' ? `\`${String(unset.data)}\`` : ''
    return `| \`${name}\` | ${fallback} | ${setting.description} |`
  })
  expect(readme.split('\n').filter((line) => /^\| `[A-Z_]+` \|/.test(line))).toEqual(rows)
})

test('every npm command of the README exists', () => {
  const commands = [...readme.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name ?? '')
  expect(commands.length).toBeGreaterThan(3)
  expect(commands.filter((name) => !(name in scripts))).toEqual([])
})

test('the configuration of the README is a valid one', () => {
  const [, json = ''] = /```json\n([^]*?)```/.exec(readme) ?? []
  expect(sourceConfigSchema.safeParse(JSON.parse(json))).toMatchObject({ success: true })
})

describe('links', () => {
  test.each([...readme.matchAll(/\]\((?!http|#)([^)#]+)(#[^)]+)?\)/g)].map(([, path = '', anchor = '']): [string, string] => [path, anchor]))('%s%s is there', (path, anchor) => {
    expect(() => readdirSync(join(packageRoot, path, '..'))).not.toThrow()
    expect(readdirSync(join(packageRoot, path, '..')).map((name) => name.replace(/\/$/, ''))).toContain(path.replace(/\/$/, '').split('/').at(-1))
    if (anchor === '') return
    const headings = [...readFileSync(join(packageRoot, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => `#${heading.toLowerCase().replaceAll(/[^\w\s-]/g, '').replaceAll(' ', '-')}`)
    expect(headings).toContain(anchor)
  })
})
