import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'

const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8')
const documents = ['', 'docs', 'docs/decisions', 'sql/examples'].flatMap((folder) => readdirSync(join(packageRoot, folder)).filter((file) => file.endsWith('.md')).map((file) => join(folder, file)))
const anchorsOf = (text: string): string[] => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => `#${heading.toLowerCase().replaceAll(/[^\w\s-]/g, '').replaceAll(' ', '-')}`)

describe.each(documents)('%s', (document) => {
  const text = read(document)

  test('every link leads to a file and heading that are there', () => {
    for (const [link, path = '', anchor = ''] of text.matchAll(/\]\((?!http)([^)#]*)(#[^)]+)?\)/g)) {
      const file = path === '' ? document : join(dirname(document), path)
      expect(existsSync(join(packageRoot, file)), link).toBe(true)
      if (anchor !== '') expect(anchorsOf(read(file)), link).toContain(anchor)
    }
  })

  test('every file that is named by its path is there', () => {
    for (const [, path = ''] of text.matchAll(/`((?:app|bench|cli|config|dashboard|deploy|docs|ingest|load|log|runtime|schemas|simulator|sql|test|transform|vendors|warehouse)\/[\w/.-]+\.\w+)`/g)) {
      expect(existsSync(join(packageRoot, path)), path).toBe(true)
    }
  })
})
