import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../runtime/package-root.ts'
import { releasedFiles } from '../codec.ts'
import { recordNames } from '../records.ts'
import { generatedFiles } from './generated-files.ts'

// `npm run schemas` writes what is made from the definitions; with --release it also keeps the schemas that have changed as released versions.

let written = 0
const write = (file: string, content: string): void => {
  const path = join(packageRoot, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return
  writeFileSync(path, content)
  written++
  console.log(`wrote ${file}`)
}

const files = generatedFiles()
for (const [file, content] of files) write(file, content)
if (process.argv.includes('--release')) {
  for (const name of recordNames) {
    const schema = files.get(`schemas/${name}.avsc`) ?? ''
    const released = releasedFiles(name)
    const last = released.at(-1)
    if (last !== undefined && readFileSync(join(packageRoot, 'schemas/released', last), 'utf8') === schema) continue
    write(`schemas/released/${name}.${released.length + 1}.avsc`, schema)
  }
}
if (written === 0) console.log(`${files.size} files are as the definitions say`)
