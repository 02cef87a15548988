const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** A document tree for ClickHouse's configuration: a record is a list of elements, an array repeats its element, null is an empty element. */
export type XmlValue = string | number | null | readonly XmlValue[] | { readonly [element: string]: XmlValue }

/** Escapes text for XML, so that no value can add an element. Rejects characters that XML 1.0 cannot hold. */
function escapeXml (text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters that are looked for
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) throw new TypeError('control characters cannot stand in XML')
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

function element (name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item: XmlValue) => element(name, item)).join('')
  if (value === null) return `<${name}/>`
  if (typeof value === 'object') return `<${name}>${Object.entries(value).map(([child, content]) => element(child, content)).join('')}</${name}>`
  return `<${name}>${escapeXml(String(value))}</${name}>`
}

export function clickHouseXml (content: { readonly [element: string]: XmlValue }): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${element('clickhouse', content)}\n`
}
