import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../runtime/package-root.ts'
import { grafanaFiles, grafanaFolder } from './grafana-files.ts'

/** `npm run grafana`: writes Grafana's dashboards anew from sql/dashboards, and takes away those that are no more. */
const folder = join(packageRoot, grafanaFolder)
const files = grafanaFiles()
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name))
for (const [name, text] of files) writeFileSync(join(folder, name), text)
console.log(`${files.size} dashboards in ${grafanaFolder}`)
