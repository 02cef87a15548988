import { settingsSchema } from '../../config/settings.ts'
import { declaredErrors } from './declared-errors.ts'

/** The rows of the settings of docs/configuration.md. */
export function settingsTable (): string {
  const rows = Object.entries(settingsSchema.shape).map(([name, setting]) => {
    const unset = setting.safeParse(undefined)
    const fallback = unset.success && unset.data !== undefined && typeof unset.data !== 'object' && unset.data !== '' ? `\`${String(unset.data)}\`` : ''
    return `| \`${name}\` | ${fallback} | ${setting.description} |`
  })
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n')
}

/** The table of errors of docs/errors.md, by the folder that declares them. */
export function errorsTable (): string {
  const rows = Object.entries(declaredErrors).flatMap(([file, errors]) => Object.values(errors).map(({ code, retryable, status, meaning }) =>
    `| \`${code}\` | ${status ?? ''} | ${retryable ? 'yes' : ''} | ${meaning} | \`${file.slice(0, file.lastIndexOf('/'))}/\` |`))
  return ['| code | HTTP | tried again | what has happened, what to do | declared in |', '|---|---|---|---|---|', ...rows].join('\n')
}

const tables: Readonly<Record<string, () => string>> = { settings: settingsTable, errors: errorsTable }

/** A document with each table between `<!-- generated: name -->` and `<!-- end -->` made anew. */
export function regenerate (document: string): string {
  return document.replace(/(<!-- generated: (\w+)[^>]* -->\n)[^]*?(\n<!-- end -->)/g, (whole, begin: string, name: string, end: string) => {
    const table = tables[name]
    return table === undefined ? whole : `${begin}${table()}${end}`
  })
}
