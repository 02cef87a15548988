import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { keyword, text } from '../../schemas/define/field.ts'
import { defineRecord, type RecordDefinition } from '../../schemas/define/record.ts'
import { generatedFiles } from '../../schemas/generate/generated-files.ts'
import { orders } from '../../schemas/orders.ts'
import { records } from '../../schemas/records.ts'

test.each([...generatedFiles()])('%s is as the definitions say; `npm run schemas` writes it', (file, content) => {
  const path = join(packageRoot, file)
  expect(existsSync(path)).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe(content)
})

describe('a field that is added in a line', () => {
  const added = generatedFiles([
    defineRecord({ ...orders, fields: { ...orders.fields, gift_note: text('Note to who gets it', { personal: true }), channel: keyword('Where it was sold', { addedIn: 7 }) } })
  ])

  test('is in the schema, nullable and with its meaning', () => {
    const schema = JSON.parse(added.get('schemas/orders.avsc') ?? '') as { readonly fields: readonly unknown[] }
    expect(schema.fields).toContainEqual({ name: 'gift_note', type: ['null', 'string'], default: null, doc: 'Note to who gets it' })
    expect(schema.fields).toContainEqual({ name: 'channel', type: ['null', 'string'], default: null, doc: 'Where it was sold' })
  })

  test('is in the table; one that a later migration adds is in that migration alone', () => {
    expect(added.get('sql/migrations/001_landing.sql')).toMatch(/\n {4}gift_note +Nullable\(String\) COMMENT 'Note to who gets it',\n/)
    expect(added.get('sql/migrations/001_landing.sql')).not.toContain(' channel ')
    expect(added.get('sql/migrations/007_landing_columns.sql')).toContain('ALTER TABLE landing.orders ADD COLUMN IF NOT EXISTS channel LowCardinality(Nullable(String)) COMMENT \'Where it was sold\';')
  })
})

test('every field says what it means', () => {
  const dumb = (Object.values(records) as readonly RecordDefinition[]).flatMap(({ name, fields }) => Object.entries(fields).flatMap(([field, { meaning }]) => meaning.length < 3 ? [`${name}.${field}`] : []))
  expect(dumb).toEqual([])
})
