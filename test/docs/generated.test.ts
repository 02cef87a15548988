import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { declaredErrors } from '../../docs/generate/declared-errors.ts'
import { regenerate } from '../../docs/generate/documents.ts'
import { packageRoot } from '../../runtime/package-root.ts'

const documents = readdirSync(join(packageRoot, 'docs')).filter((file) => file.endsWith('.md'))

test.each(documents)('docs/%s has the tables that the code says; `npm run docs` writes them', (name) => {
  const document = readFileSync(join(packageRoot, 'docs', name), 'utf8')
  expect(regenerate(document)).toBe(document)
})

describe('the errors', () => {
  test('have a code each, that no other folder declares', () => {
    const codes = Object.values(declaredErrors).flatMap((errors) => Object.keys(errors))
    expect(codes.length).toBeGreaterThan(40)
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([])
  })

  test('are all collected: no other file declares some', () => {
    const folders = ['app', 'cli', 'config', 'dashboard', 'ingest', 'load', 'log', 'runtime', 'schemas', 'simulator', 'transform', 'vendors', 'warehouse']
    const declaring = folders.flatMap((folder) => readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`))
      .filter((file) => file.endsWith('.ts') && readFileSync(join(packageRoot, file), 'utf8').includes('= declareErrors('))
    expect(declaring.sort()).toEqual(Object.keys(declaredErrors).sort())
  })

  test('are documented', () => {
    const document = readFileSync(join(packageRoot, 'docs/errors.md'), 'utf8')
    for (const code of Object.values(declaredErrors).flatMap((errors) => Object.keys(errors))) expect(document).toContain(`| \`${code}\` |`)
  })
})
