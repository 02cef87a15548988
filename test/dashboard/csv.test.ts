import { describe, expect, test } from 'vitest'
import { toCsv } from '../../dashboard/server/csv.ts'

const csvOf = (...values: ReadonlyArray<string | number | null>): string => toCsv({ columns: [{ name: 'a', type: 'String' }], rows: values.map((value) => [value]) })

/** What a spreadsheet makes of a text where `separator` ends a cell, quotes kept to where they begin one. */
function cellsOf (csv: string, separator: string): readonly string[] {
  const cells: string[] = []
  for (let at = 0; at < csv.length; at++) {
    let text = ''
    if (csv[at] === '"') {
      for (at++; at < csv.length && !(csv[at] === '"' && csv[at + 1] !== '"'); at++) {
        text += csv[at]
        if (csv[at] === '"') at++
      }
      at++
    }
    for (; at < csv.length && csv[at] !== separator && csv[at] !== '\r' && csv[at] !== '\n'; at++) text += csv[at]
    cells.push(text)
  }
  return cells
}

const hasFormula = (cell: string): boolean => /^[\s\u00A0\uFEFF]*[=+\-@＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell)

test('a file has a byte order mark for Excel, a head, and lines as RFC 4180 has them', () => {
  expect(csvOf('plain', 'a,b', 'a "b"', null, 5, '12.50', '-3')).toBe('\uFEFFa\r\nplain\r\n"a,b"\r\n"a ""b"""\r\n\r\n5\r\n12.50\r\n-3\r\n')
})

describe('no text becomes a formula, whatever ends a cell', () => {
  const signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
  const before = ['', ' ', '\t', '\n', '\r\n', '\u00A0', '\uFEFF', '  \t', 'a;', 'a; ', 'a\t', 'a,', 'a, ', 'a\n', 'a|', '"', '";', 'a";']
  const texts = before.flatMap((start) => signs.flatMap((sign) => [`${start}${sign}HYPERLINK("http://x")`, `${start}${sign}1+1;${sign}2`]))

  test.each([',', ';', '\t', '|'])('%j', (separator) => {
    // behind the byte order mark and the head
    const found = texts.filter((text) => cellsOf(csvOf(text).slice('\uFEFFa\r\n'.length), separator).some(hasFormula))
    expect(found).toEqual([])
  })

  test('nor does one that begins with a tab or a line', () => {
    for (const start of ['\t', '\r', '\n']) expect(csvOf(`${start}text`)).toContain(`"'${start}text"`)
  })

  test('texts that are none stay as they are', () => {
    for (const text of ['a-b', '2026-01-31', 'a = b', 'x+y', 'name@example.com']) expect(csvOf(text)).toBe(`\uFEFFa\r\n${text}\r\n`)
  })
})
