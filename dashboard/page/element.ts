type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** An element with attributes and children; a true attribute is there without a value, a false or undefined one is not there. */
export function element<Name extends keyof HTMLElementTagNameMap> (name: Name, attributes: Attributes = {}, ...children: ReadonlyArray<Node | string>): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value))
  }
  made.append(...children)
  return made
}

/** An element of index.html. */
export function part (id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`expected an element #${id}`)
  return found
}
