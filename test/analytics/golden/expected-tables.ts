import { sha256, type Row } from '../reference/values.ts'

/** A table of README.md: the cells as written, by column. */
export interface ExpectedTable {
  readonly title: string
  readonly rows: ReadonlyArray<Readonly<Record<string, string>>>
}

/** The tables of the second part of README.md, with what is said to stand in every row filled in. */
export function readExpectedTables (page: string): readonly ExpectedTable[] {
  const answers = page.slice(page.indexOf('## What the views answer'))
  const [preface = '', ...sections] = answers.split(/^### /m)
  return sections.map((section) => {
    const lines = section.split('\n')
    const [head, , ...body] = lines.filter((line) => line.startsWith('|')).map(cellsOf)
    if (head === undefined || body.length === 0) throw new Error(`expected a table with rows under ${lines[0]}`)
    // the parameterised funnel answers for one business and does not name it
    const constant = { ...lines[0]?.startsWith('funnel(') === true || lines[0]?.startsWith('pipeline_health') === true ? {} : everyRow(preface), ...everyRow(section) }
    return { title: lines[0] ?? '', rows: body.map((cells) => ({ ...constant, ...Object.fromEntries(head.map((column, index) => [column, cells[index] ?? ''])) })) }
  })
}

function cellsOf (line: string): string[] {
  return line.split('|').slice(1, -1).map((cell) => cell.trim())
}

function everyRow (text: string): Record<string, string> {
  const said = /^In every row: (.*)$/m.exec(text)?.[1]
  return Object.fromEntries(said?.split(', ').map((pair): [string, string] => [pair.slice(0, pair.indexOf(' ')), pair.slice(pair.indexOf(' ') + 1)]) ?? [])
}

/** The rows as a view with columns of these types answers them. */
export function expectedRows (table: ExpectedTable, types: ReadonlyMap<string, string>): Row[] {
  return table.rows.map((cells) => {
    const unknown = Object.keys(cells).find((column) => !types.has(column))
    if (unknown !== undefined) throw new Error(`expected a column of ${table.title}, got ${unknown}`)
    return Object.fromEntries([...types].map(([column, type]) => [column, valueOf(cells[column] ?? '–', type)]))
  })
}

function valueOf (cell: string, type: string): unknown {
  // a list or map that a table leaves out is empty
  if (type.startsWith('Array')) return cell === '–' ? [] : cell.split(', ')
  if (type.startsWith('Map')) return Object.fromEntries(cell === '–' ? [] : cell.split(', ').map((entry) => entry.split(' ')))
  if (cell === '–') return null
  if (type.includes('DateTime')) return new Date(`${cell.replace(' ', 'T')}+05:30`).toISOString().replace('T', ' ').replace('Z', '')
  if (type.includes('Bool')) return cell === 'true'
  if (/Float|Int/.test(type)) {
    const [numerator, denominator = 1] = cell.split('/').map(Number)
    return Number(numerator) / denominator
  }
  return cell.replace(/sha256\((.*?)\)/g, (_, text: string) => sha256(text))
}
