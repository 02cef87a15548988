import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../runtime/package-root.ts'
import { regenerate } from './documents.ts'

// `npm run docs`: writes the tables of docs/ that the code says.

for (const name of readdirSync(join(packageRoot, 'docs')).filter((file) => file.endsWith('.md'))) {
  const path = join(packageRoot, 'docs', name)
  const before = readFileSync(path, 'utf8')
  const after = regenerate(before)
  if (after === before) continue
  writeFileSync(path, after)
  console.log(`wrote docs/${name}`)
}
