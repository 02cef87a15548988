import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { settingsSchema } from '../../config/settings.ts'
import { readerMaxSeconds } from '../../warehouse/embedded/users-config.ts'
import { analyticsViews } from '../analytics-views.ts'

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8')
const guide = read('docs/analytics.md')

const examples = readdirSync(join(packageRoot, 'sql/examples')).filter((file) => file.endsWith('.sql'))

test.each([...analyticsViews.keys()])('analytics.%s is in the list of views', (view) => {
  const list = guide.slice(guide.indexOf('## The views'), guide.indexOf('## Dictionary'))
  expect(list).toMatch(new RegExp(`^\\|.*\`${view}\``, 'm'))
})

test.each([...guide.matchAll(/^\|.*\| `(\w+)\.(\w+)` \|/gm)].map(([, view = '', column = '']): [string, string] => [view, column]))('the dictionary says %s.%s, which exists', (view, column) => {
  expect(analyticsViews.get(view)).toContain(column)
})

test('at least 20 queries, each in the cookbook with its own question', () => {
  expect(examples.length).toBeGreaterThanOrEqual(20)
  const rows = [...guide.matchAll(/^\| \[(\w+)\]\(\.\.\/sql\/examples\/(\w+\.sql)\) \| (.*) \|$/gm)].map(([, , file, question]) => `${file}: ${question}`)
  expect(rows.toSorted()).toEqual(examples.map((file) => `${file}: ${read(`sql/examples/${file}`).split('\n')[0]?.replace('-- ', '')}`).toSorted())
})

test.each(examples)('%s begins with its question and names no database but analytics', (file) => {
  const query = read(`sql/examples/${file}`)
  expect(query).toMatch(/^-- .*\?\n/)
  const code = query.replaceAll(/^\s*--.*$/gm, '')
  expect(code).toContain('analytics.')
  expect(code).not.toMatch(/\b(?:landing|contacts|system)\./)
  for (const [, view = ''] of code.matchAll(/analytics\.(\w+)/g)) expect([...analyticsViews.keys()]).toContain(view)
})

describe('the login', () => {
  const { CLICKHOUSE_MAX_MEMORY_BYTES, CLICKHOUSE_HTTP_PORT, CLICKHOUSE_TCP_PORT } = settingsSchema.parse({})

  test('has the limits that the guide says', () => {
    const gibibytes = (share: number): string => `${(share * CLICKHOUSE_MAX_MEMORY_BYTES / 2 ** 30).toFixed(1)} GiB`
    expect(guide).toContain(`| time | ${readerMaxSeconds} s |`)
    expect(guide).toContain(`| memory of a query | 0.4 of \`CLICKHOUSE_MAX_MEMORY_BYTES\`: ${gibibytes(0.4)} |`)
    expect(guide).toContain(`| memory of all its queries | 0.6 of it: ${gibibytes(0.6)} |`)
    const config = read('warehouse/embedded/users-config.ts')
    for (const part of ['maxMemoryBytes * 0.4', 'maxMemoryBytes * 0.6', 'readerMaxResultRows = 1_048_576', 'max_concurrent_queries_for_user: 16']) expect(config).toContain(part)
  })

  test('has the ports that the guide says', () => {
    expect(guide).toContain(`| ${CLICKHOUSE_HTTP_PORT} (\`CLICKHOUSE_HTTP_PORT\`) |`)
    expect(guide).toContain(`| ${CLICKHOUSE_TCP_PORT} (\`CLICKHOUSE_TCP_PORT\`) |`)
  })
})
