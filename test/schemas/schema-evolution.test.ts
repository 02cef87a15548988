import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { releasedFiles } from '../../schemas/codec.ts'
import { recordNames } from '../../schemas/records.ts'
import { describeChanges, type RecordSchema } from './schema-changes.ts'

const read = (...path: string[]): RecordSchema => JSON.parse(readFileSync(join(packageRoot, 'schemas', ...path), 'utf8')) as RecordSchema

describe.each([...recordNames])('%s.avsc', (record) => {
  const files = releasedFiles(record)
  const released = files.map((file) => read('released', file))

  test('is named after its record', () => {
    expect(read(`${record}.avsc`)).toMatchObject({ type: 'record', name: record, namespace: 'loyalty' })
  })

  test('has every released version numbered from 1', () => {
    expect(files).toEqual(files.map((_, index) => `${record}.${index + 1}.avsc`))
    expect(files.length).toBeGreaterThan(0)
  })

  test('is the last released version; copy it to schemas/released/ under the next number where it was changed', () => {
    expect(read(`${record}.avsc`)).toEqual(released.at(-1))
  })

  test('each version only adds fields, with a default, to the one before', () => {
    for (const [index, later] of released.slice(1).entries()) {
      expect(describeChanges(released[index] as RecordSchema, later)).toEqual([])
    }
  })
})

describe('the check itself', () => {
  const base: RecordSchema = { type: 'record', name: 'r', fields: [{ name: 'a', type: 'string' }, { name: 'b', type: ['null', 'long'], default: null }] }
  const withFields = (...fields: RecordSchema['fields']): RecordSchema => ({ ...base, fields })

  test.each<[string, RecordSchema, string[]]>([
    ['a field with a default', withFields(...base.fields, { name: 'c', type: ['null', 'string'], default: null }), []],
    ['new documentation', withFields({ name: 'a', type: 'string', doc: 'new' }, { name: 'b', type: ['null', 'long'], default: null }), []],
    ['a field without a default', withFields(...base.fields, { name: 'c', type: 'string' }), ['c: is new and has no default']],
    ['a removed field', withFields({ name: 'a', type: 'string' }), ['b: was removed']],
    ['another type', withFields({ name: 'a', type: 'long' }, { name: 'b', type: ['null', 'long'], default: null }), ['a: was "string" and is "long"']],
    ['another logical type', withFields({ name: 'a', type: { type: 'string', logicalType: 'uuid' } }, { name: 'b', type: ['null', 'long'], default: null }), ['a: was "string" and is {"type":"string","logicalType":"uuid"}']],
    ['another default', withFields({ name: 'a', type: 'string' }, { name: 'b', type: ['null', 'long'] }), ['b: had the default null and has none']]
  ])('%s', (_name, later, changes) => {
    expect(describeChanges(base, later)).toEqual(changes)
  })
})
