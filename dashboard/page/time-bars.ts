import { stepOf } from './step.ts'
import type uPlot from './uplot.js'

/**
 * Bars of one day stand side by side; all but the first are hatched, so that colour is not all that tells them. A day that is not over is pale, in a
 * dashed frame.
 */
export function barPainter (colours: readonly string[], unfinished: () => number | undefined): (plot: uPlot) => void {
  return (plot) => {
    const { ctx } = plot
    const [xs, ...series] = plot.data
    const zero = plot.valToPos(0, 'y', true)
    const step = Math.abs(plot.valToPos(stepOf(xs), 'x', true) - plot.valToPos(0, 'x', true))
    const shown = series.map((values, index) => ({ values, index })).filter(({ index }) => plot.series[index + 1]?.show !== false)
    const width = Math.max(1, Math.min(step * 0.8, 90) / Math.max(1, shown.length))
    ctx.save()
    ctx.beginPath()
    ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height)
    ctx.clip()
    shown.forEach(({ values, index }, place) => {
      const colour = colours[index % colours.length] ?? ''
      ctx.fillStyle = index === 0 ? colour : hatch(ctx, colour, index) ?? colour
      ctx.strokeStyle = colour
      ctx.lineWidth = 1
      values.forEach((value, row) => {
        if (value === null || value === undefined || value === 0) return
        const left = plot.valToPos(xs[row] ?? 0, 'x', true) + (place - shown.length / 2) * width
        const top = plot.valToPos(value, 'y', true)
        const inner = Math.max(1, width - 2)
        const isUnfinished = row === unfinished()
        ctx.globalAlpha = isUnfinished ? 0.35 : 1
        ctx.fillRect(left, Math.min(top, zero), inner, Math.abs(zero - top))
        ctx.globalAlpha = 1
        ctx.setLineDash(isUnfinished ? [4, 3] : [])
        if ((index > 0 || isUnfinished) && inner > 3) ctx.strokeRect(left + 0.5, Math.min(top, zero) + 0.5, inner - 1, Math.abs(zero - top))
      })
    })
    ctx.restore()
  }
}

function hatch (ctx: CanvasRenderingContext2D, colour: string, index: number): CanvasPattern | null {
  const size = 8
  const tile = document.createElement('canvas')
  tile.width = tile.height = size
  const paint = tile.getContext('2d')
  if (paint === null) return null
  paint.globalAlpha = 0.35
  paint.fillStyle = colour
  paint.fillRect(0, 0, size, size)
  paint.globalAlpha = 1
  paint.strokeStyle = colour
  paint.lineWidth = 2
  paint.beginPath()
  for (const shift of [-size, 0, size]) {
    if (index === 1) {
      paint.moveTo(shift, size)
      paint.lineTo(shift + size, 0)
    } else {
      paint.moveTo(0, shift + size / 2)
      paint.lineTo(size, shift + size / 2)
    }
  }
  paint.stroke()
  return ctx.createPattern(tile, 'repeat')
}
