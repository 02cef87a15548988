import type { GridPos } from './grafana-json.ts'

const columns = 24

export interface Size {
  readonly width: number
  readonly height: number
}

/** Places panels in rows from left to right, in their order. The last of a row is widened to its end; no two overlap. */
export function placeInGrid (sizes: readonly Size[]): readonly GridPos[] {
  const rows: Size[][] = []
  for (const size of sizes) {
    const row = rows.at(-1)
    const used = row?.reduce((sum, { width }) => sum + width, 0) ?? columns
    // panels of one height only, so that no row has holes
    if (row === undefined || used + size.width > columns || row[0]?.height !== size.height) rows.push([size])
    else row.push(size)
  }
  let y = 0
  return rows.flatMap((row) => {
    let x = 0
    const placed = row.map(({ width, height }, index): GridPos => {
      const position = { h: height, w: index === row.length - 1 ? columns - x : width, x, y }
      x += width
      return position
    })
    y += row[0]?.height ?? 0
    return placed
  })
}
