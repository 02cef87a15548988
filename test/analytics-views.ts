import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../runtime/package-root.ts'

const folder = join(packageRoot, 'sql/views')
const files = readdirSync(folder).toSorted().map((file) => readFileSync(join(folder, file), 'utf8'))

/** The views of analytics with their columns, as sql/views declares them. */
export const analyticsViews: ReadonlyMap<string, readonly string[]> = new Map(files.flatMap((text) =>
  [...text.matchAll(/^CREATE OR REPLACE VIEW analytics\.(\w+)\n\(\n([^]*?)\n\)\n/gm)].map(([, view = '', columns = '']): [string, string[]] =>
    [view, [...columns.matchAll(/^ {4}(\w+) /gm)].map(([, column = '']) => column)])))

if (analyticsViews.size !== files.join('').split(' VIEW analytics.').length - 1) throw new Error('expected every view of analytics to list its columns')
