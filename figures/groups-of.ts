/** The connected components of an undirected graph: nodes that pairs join, directly or through others, are one group. Pairs name nodes only. */
export function groupsOf (nodes: readonly string[], pairs: ReadonlyArray<readonly [string, string]>): ReadonlyArray<readonly string[]> {
  const parents = new Map(nodes.map((node) => [node, node]))
  const rootOf = (node: string): string => {
    let root = node
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root)) root = parent
    // the way is short the next time
    for (let at = node; at !== root;) {
      const next = parents.get(at) ?? root
      parents.set(at, root)
      at = next
    }
    return root
  }
  for (const [one, other] of pairs) parents.set(rootOf(one), rootOf(other))
  const groups = new Map<string, string[]>()
  for (const node of nodes) {
    const root = rootOf(node)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [node])
    else group.push(node)
  }
  return [...groups.values()]
}
