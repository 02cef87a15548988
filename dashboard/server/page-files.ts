import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { packageRoot } from '../../runtime/package-root.ts'

export interface PageFile {
  readonly type: string
  readonly content: Buffer
}

export interface PageFiles {
  readonly html: string
  /** Under `/assets/<version>/`: a new version has new addresses, so browsers may keep them for good. */
  readonly version: string
  readonly assets: ReadonlyMap<string, PageFile>
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml'
}

/** Reads all that the browser is given: our modules as the build made them, and the chart library from its package as it is. */
export function readPageFiles (): PageFiles {
  const sources = join(packageRoot, 'dashboard/page')
  const built = join(packageRoot, 'dist/dashboard/page')
  const library = dirname(createRequire(import.meta.url).resolve('uplot'))
  const paths: ReadonlyArray<readonly [string, string]> = [
    ...readdirSync(built).filter((name) => name.endsWith('.js')).map((name) => [name, join(built, name)] as const),
    ...readdirSync(sources).filter((name) => /\.(css|svg)$/.test(name)).map((name) => [name, join(sources, name)] as const),
    ['uplot.js', join(library, 'uPlot.esm.js')],
    ['uplot.css', join(library, 'uPlot.min.css')]
  ]
  const assets = new Map(paths.map(([name, path]) => [name, { type: types[extname(name)] ?? 'application/octet-stream', content: readFileSync(path) }]))
  const hash = createHash('sha256')
  for (const [name, { content }] of [...assets].toSorted()) hash.update(name).update(content)
  const version = hash.digest('hex').slice(0, 16)
  return { version, assets, html: readFileSync(join(sources, 'index.html'), 'utf8').replaceAll('{{assets}}', `/assets/${version}`) }
}
