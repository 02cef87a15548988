import { parser } from '@prometheus-io/lezer-promql'

export interface Selector {
  readonly metric: string
  /** Label and the values that it is compared with. */
  readonly labels: ReadonlyArray<readonly [label: string, values: readonly string[]]>
}

export interface Expression {
  readonly selectors: readonly Selector[]
  /** Labels of by, on, without and ignoring. */
  readonly grouped: readonly string[]
}

/** Reads a PromQL expression with Prometheus' own grammar. Throws where it is not one. */
export function readPromql (text: string): Expression {
  const selectors: Array<{ metric: string, labels: Array<readonly [string, readonly string[]]> }> = []
  const grouped: string[] = []
  parser.parse(text).iterate({
    enter (node) {
      const words = text.slice(node.from, node.to)
      if (node.type.isError) throw new SyntaxError(`expected PromQL, got an error at ${node.from} of ${text}`)
      if (node.name === 'VectorSelector') selectors.push({ metric: /^[\w:]+/.exec(words)?.[0] ?? '', labels: [] })
      if (node.name === 'UnquotedLabelMatcher') {
        const [, label = '', values = ''] = /^(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"$/.exec(words) ?? []
        selectors.at(-1)?.labels.push([label, values.split('|')])
      }
      if (node.name === 'GroupingLabels') grouped.push(...words.replaceAll(/[()\s]/g, '').split(',').filter((label) => label !== ''))
    }
  })
  return { selectors, grouped }
}
