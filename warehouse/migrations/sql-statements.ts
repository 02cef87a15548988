// A string, a quoted name, a comment or a heredoc is one token, so that a semicolon in it separates nothing.
const token = /'(?:\\[\s\S]|''|[^'\\])*'|"(?:\\[\s\S]|""|[^"\\])*"|`(?:\\[\s\S]|``|[^`\\])*`|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$|[^'"`\-#/$;]+|[\s\S]/y
const comment = /^(?:--|#[ !]|\/\*)/
const openQuote = /^['"`]$/

/**
 * The statements of an SQL file, in order, without their semicolons. Comments inside a statement stay, as they explain it
 * in the server's query log; what holds nothing but comments is no statement.
 * Throws SyntaxError where a string, a quoted name or a comment does not end.
 */
export function splitStatements (sql: string): readonly string[] {
  const statements: string[] = []
  let text = ''
  let empty = true
  const end = (): void => {
    if (!empty) statements.push(text.trim())
    text = ''
    empty = true
  }

  const tokens = new RegExp(token)
  while (tokens.lastIndex < sql.length) {
    const start = tokens.lastIndex
    const part = tokens.exec(sql)?.[0] ?? ''
    if (openQuote.test(part) || (part === '/' && sql.startsWith('/*', start))) {
      throw new SyntaxError(`what starts with ${sql.slice(start, start + 2)} in line ${sql.slice(0, start).split('\n').length} does not end`)
    }
    if (part === ';') {
      end()
    } else {
      text += part
      empty &&= comment.test(part) || part.trim() === ''
    }
  }
  end()
  return statements
}

/**
 * The same text with a space for every character of a comment, and `x` for every one inside a string, a quoted name or a heredoc: what
 * is found in it by position is SQL.
 */
export function maskQuoted (sql: string): string {
  return sql.replace(new RegExp(token.source, 'g'), (part) => {
    const [first = ''] = part
    if (comment.test(part)) return part.replace(/[^\n]/g, ' ')
    if (part.length > 1 && openQuote.test(first)) return first + 'x'.repeat(part.length - 2) + first
    return part.length > 1 && first === '$' ? 'x'.repeat(part.length) : part
  })
}
