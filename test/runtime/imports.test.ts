import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'

const folders = ['app', 'bench', 'cli', 'config', 'dashboard', 'docs', 'ingest', 'load', 'log', 'runtime', 'schemas', 'simulator', 'transform', 'vendors', 'warehouse']
const files = new Set(folders.flatMap((folder) => readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`)).filter((file) => file.endsWith('.ts')))

/** What a file imports of ours, types too. */
function importsOf (file: string): readonly string[] {
  const source = readFileSync(join(packageRoot, file), 'utf8')
  return [...source.matchAll(/^(?:import|export)[^'\n]*'(\.{1,2}\/[^']+)'/gm)].map(([, path = '']) => normalize(join(dirname(file), path))).filter((path) => files.has(path))
}

/** A way from a file back to itself; undefined where there is none among the files not yet known to have none. */
function circle (file: string, way: readonly string[], free: Set<string>): readonly string[] | undefined {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
  if (free.has(file)) return undefined
  for (const imported of importsOf(file)) {
    const found = circle(imported, [...way, file], free)
    if (found !== undefined) return found
  }
  free.add(file)
  return undefined
}

test('no file imports itself, directly or through others', () => {
  expect(files.size).toBeGreaterThan(300)
  const free = new Set<string>()
  for (const file of files) expect(circle(file, [], free)).toBeUndefined()
})
