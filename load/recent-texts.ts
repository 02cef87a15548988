/** Texts seen lately, at most so many: of two halves the older one is forgotten whole. */
export interface RecentTexts {
  has (text: string): boolean
  add (text: string): void
}

export function recentTexts (most: number): RecentTexts {
  let young = new Set<string>()
  let old = new Set<string>()
  return {
    has: (text) => young.has(text) || old.has(text),
    add (text) {
      if (young.size >= most / 2) [old, young] = [young, new Set()]
      young.add(text)
    }
  }
}
