export interface RecordSchema {
  readonly type: 'record'
  readonly name: string
  readonly fields: ReadonlyArray<{ readonly name: string, readonly type: unknown, readonly default?: unknown, readonly doc?: string }>
}

/** What of a change would break readers or tables: anything but a new field with a default. */
export function describeChanges (earlier: RecordSchema, later: RecordSchema): string[] {
  const now = new Map(later.fields.map((field) => [field.name, field]))
  const before = new Set(earlier.fields.map((field) => field.name))
  const text = JSON.stringify
  return [
    ...earlier.fields.flatMap((field) => {
      const kept = now.get(field.name)
      if (kept === undefined) return [`${field.name}: was removed`]
      if (text(kept.type) !== text(field.type)) return [`${field.name}: was ${text(field.type)} and is ${text(kept.type)}`]
      if (text(kept.default) !== text(field.default)) return [`${field.name}: had the default ${text(field.default) ?? 'none'} and has ${text(kept.default) ?? 'none'}`]
      return []
    }),
    ...later.fields.filter((field) => !before.has(field.name) && !('default' in field)).map((field) => `${field.name}: is new and has no default`)
  ]
}
