export type XmlTree = string | null | { readonly [element: string]: XmlTree | readonly XmlTree[] }

/** The elements of ClickHouse's configuration files: no mixed content. Attributes are elements whose name begins with @; an empty element is null. */
export function parseXml (text: string): XmlTree {
  const tokens = [...text.replaceAll(/<\?.*?\?>|<!--[^]*?-->/g, '').matchAll(/<(\/?)([\w.]+)([^>]*?)(\/?)>|([^<]+)/g)]
  let at = 0

  function element (): [string, XmlTree] {
    const [, , name = '', attributes = '', empty = ''] = tokens[at++] ?? []
    const children: Record<string, XmlTree | XmlTree[]> = {}
    for (const [, attribute = '', value = ''] of attributes.matchAll(/([\w]+)="([^"]*)"/g)) children[`@${attribute}`] = value
    let words = ''
    for (;;) {
      if (empty !== '') break
      const [, closing, , , , content] = tokens[at] ?? []
      if (closing === undefined && content === undefined) throw new Error(`${name}: expected its end`)
      if (content !== undefined) {
        words += content
        at++
      } else if (closing === '/') {
        at++
        break
      } else {
        const [child, tree] = element()
        const known = children[child]
        children[child] = known === undefined ? tree : [...(Array.isArray(known) ? known : [known]), tree]
      }
    }
    const tree = Object.keys(children).length > 0 ? children : words.trim() === '' ? null : words.trim()
    return [name, tree]
  }

  while (tokens[at]?.[5] !== undefined) at++
  return element()[1]
}
