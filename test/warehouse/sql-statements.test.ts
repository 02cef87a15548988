import { expect, test } from 'vitest'
import { splitStatements } from '../../warehouse/migrations/sql-statements.ts'

test.each([
  ['', []],
  ['-- nothing but a comment;\n/* and; another */ ;;\n', []],
  ['SELECT 1', ['SELECT 1']],
  ['SELECT 1;\n\nSELECT 2;\n', ['SELECT 1', 'SELECT 2']],
  ["SELECT ';' AS a; SELECT 2", ["SELECT ';' AS a", 'SELECT 2']],
  ["SELECT 'it''s; fine'; SELECT 2", ["SELECT 'it''s; fine'", 'SELECT 2']],
  ["SELECT 'it\\'s; fine'; SELECT 2", ["SELECT 'it\\'s; fine'", 'SELECT 2']],
  ["SELECT 'ends with \\\\'; SELECT 2", ["SELECT 'ends with \\\\'", 'SELECT 2']],
  ['SELECT "a;b", `c;d`; SELECT 2', ['SELECT "a;b", `c;d`', 'SELECT 2']],
  ["SELECT 1 -- it's; a comment\n, 2; SELECT 3", ["SELECT 1 -- it's; a comment\n, 2", 'SELECT 3']],
  ["SELECT 1 /* it's;\n two lines */ , 2; SELECT 3", ["SELECT 1 /* it's;\n two lines */ , 2", 'SELECT 3']],
  ["# it's; a comment\nSELECT 1; SELECT 2", ["# it's; a comment\nSELECT 1", 'SELECT 2']],
  ['SELECT $$a;b$$, $tag$c;$$;d$tag$; SELECT 2', ['SELECT $$a;b$$, $tag$c;$$;d$tag$', 'SELECT 2']],
  ['SELECT 4 - 2 / 1, {a:UInt8}; SELECT 2', ['SELECT 4 - 2 / 1, {a:UInt8}', 'SELECT 2']],
  ['-- what it is for\nSELECT 1;\n-- the end', ['-- what it is for\nSELECT 1']]
])('%j', (sql, statements) => {
  expect(splitStatements(sql)).toEqual(statements)
})

test.each(["SELECT 'open; SELECT 2", 'SELECT "open', 'SELECT `open', 'SELECT 1 /* open; SELECT 2', "SELECT 'open\\'; SELECT 2"])('refuses what does not end: %j', (sql) => {
  expect(() => splitStatements(sql)).toThrow(SyntaxError)
})
