import type { Answer, Business, Query } from './answers.ts'
import { element } from './element.ts'
import { dayName, figure, label } from './format.ts'
import { palette } from './palette.ts'
import { column, seriesOf, type Series } from './series.ts'
import { soFar, unfinishedRow } from './so-far.ts'
import { stepOf } from './step.ts'
import { barPainter } from './time-bars.ts'
import Plot from './uplot.js'

const height = 230
/** 1, 2, 5, 10 and so on: half a customer is none. */
const wholeSteps = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat()
const dashes: ReadonlyArray<readonly number[]> = [[], [7, 4], [2, 3]]

export interface TimeChart {
  readonly root: HTMLElement
  /** The same columns with other values: nothing is built anew, so nothing flickers. */
  update (answer: Answer): void
  remove (): void
}

/** Lines or bars over days, by uPlot. The root has a sentence for who does not see it; the table beside it has the figures. */
export function timeChart (query: Query, first: Answer, { currency, timezone }: Pick<Business, 'currency' | 'timezone'>): TimeChart {
  const root = element('div', { class: 'plot', role: 'img' })
  const series = seriesOf(query, first)
  /** What is shown, with the day that is not over. */
  const shownNow = { xs: xs(query, first), series, unfinished: undefined as number | undefined }
  shownNow.unfinished = unfinishedRow(shownNow.xs, timezone, Date.now())
  const plot = new Plot(options(query, series, currency, shownNow), data(query, shownNow), root)
  const place = new ResizeObserver(() => { if (root.clientWidth > 0) plot.setSize({ width: root.clientWidth, height }) })
  place.observe(root)
  let points = first.rows.length
  // the legend says the last day's figures wherever no pointer asks for another day's
  const rest = (): void => { queueMicrotask(() => { if (plot.cursor.idx === null || plot.cursor.idx === undefined) plot.setLegend({ idx: points - 1 }) }) }
  plot.over.addEventListener('mouseleave', rest)
  describe(first, series)

  function describe (answer: Answer, shown: readonly Series[]): void {
    root.setAttribute('aria-label', sentence({ query, points: answer.rows.length, series: shown, currency, isUnfinished: shownNow.unfinished !== undefined }))
    points = answer.rows.length
    rest()
  }

  return {
    root,
    update (answer) {
      const shown = seriesOf(query, answer)
      shownNow.xs = xs(query, answer)
      shownNow.series = shown
      shownNow.unfinished = unfinishedRow(shownNow.xs, timezone, Date.now())
      plot.setData(data(query, shownNow))
      describe(answer, shown)
    },
    remove () {
      place.disconnect()
      plot.destroy()
    }
  }
}

/** The days that are written below the axis: as many as there is room for, the first among them; a week is named as its point is. */
function daysWithRoom ({ data: [xs], width }: Plot): number[] {
  const every = Math.max(1, Math.ceil(xs.length * 64 / Math.max(1, width - 80)))
  return Array.from(xs).filter((_, index) => index % every === 0)
}

/** Days as seconds: midnight UTC stands for the day of the business. */
function xs ({ x }: Query, answer: Answer): number[] {
  return column(answer, x ?? '').map((value) => Date.parse(String(value)) / 1000)
}

interface Shown {
  xs: readonly number[]
  series: readonly Series[]
  /** Row of the day or week that is not over. */
  unfinished: number | undefined
}

/** A line does not go on to a day that is not over: it would draw a part as a collapse. `drawUnfinished` has it. */
function data ({ chart }: Query, { xs, series, unfinished }: Shown): Plot.AlignedData {
  return [[...xs], ...series.map(({ values }) => chart === 'line' ? values.map((value, row) => row === unfinished ? null : value) : [...values])]
}

/** Says above the last day that it is not over, and in a line chart draws its points hollow, at the end of a dotted line. */
function drawUnfinished (chart: string, colours: readonly string[], { text, ground }: { readonly text: string, readonly ground: string }, shown: Shown): (plot: Plot) => void {
  return (plot) => {
    const { unfinished, xs, series } = shown
    const { ctx, bbox } = plot
    if (unfinished === undefined) return
    const at = (row: number, value: number): [number, number] => [plot.valToPos(xs[row] ?? 0, 'x', true), plot.valToPos(value, 'y', true)]
    ctx.save()
    ctx.fillStyle = text
    ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`
    ctx.textAlign = 'right'
    ctx.fillText(soFar, bbox.left + bbox.width, bbox.top + 10 * devicePixelRatio)
    if (chart === 'line') {
      series.forEach(({ values }, index) => {
        const [before, value] = [values[unfinished - 1], values[unfinished]]
        if (value === null || value === undefined || plot.series[index + 1]?.show === false) return
        const [x, y] = at(unfinished, value)
        ctx.strokeStyle = colours[index % colours.length] ?? text
        ctx.lineWidth = 1.5 * devicePixelRatio
        if (before !== null && before !== undefined) {
          ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio])
          ctx.beginPath()
          ctx.moveTo(...at(unfinished - 1, before))
          ctx.lineTo(x, y)
          ctx.stroke()
        }
        ctx.setLineDash([])
        ctx.fillStyle = ground
        ctx.beginPath()
        ctx.arc(x, y, 3.5 * devicePixelRatio, 0, 2 * Math.PI)
        ctx.fill()
        ctx.stroke()
      })
    }
    ctx.restore()
  }
}

function options ({ chart, x }: Query, series: readonly Series[], currency: string, shown: Shown): Plot.Options {
  const { text, grid, ground, series: colours } = palette()
  const unfinishedValues = (): number[] => shown.unfinished === undefined ? [] : shown.series.flatMap(({ values }) => values[shown.unfinished ?? -1] ?? [])
  const unit = series[0]?.unit ?? ''
  const axis = { stroke: text, font: '12px system-ui, sans-serif', grid: { stroke: grid, width: 1 }, ticks: { show: false } }
  return {
    width: 320,
    height,
    padding: [12, 12, 0, 0],
    cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
    legend: { live: true },
    scales: {
      x: { time: true, range: ({ data: [xs] }, low, high) => [low - stepOf(xs) / 2, high + stepOf(xs) / 2] },
      y: {
        range (_plot, least, most) {
          const [low, high] = [Math.min(least, ...unfinishedValues()), Math.max(most, ...unfinishedValues())]
          return [Math.min(0, low), high <= 0 ? (low < 0 ? 0 : 1) : high * 1.08]
        }
      }
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, splits: daysWithRoom, values: (_plot, splits) => splits.map((split) => dayName(split)) },
      { ...axis, size: 62, ...(unit === 'percent' ? {} : { incrs: wholeSteps }), values: (_plot, splits) => splits.map((split) => figure(split, unit, currency, true)) }
    ],
    series: [
      { label: label(x ?? ''), value: (_plot, at) => at === null || at === undefined ? '–' : `${dayName(at, true)}${at === shown.xs[shown.unfinished ?? -1] ? `, ${soFar}` : ''}` },
      ...series.map(({ column: name, unit: own }, index): Plot.Series => ({
        label: label(name),
        stroke: colours[index % colours.length] ?? text,
        width: 2,
        dash: [...dashes[index % dashes.length] ?? []],
        points: { show: chart === 'line', size: 5, fill: ground },
        // of a line the last day is not in the plot's own data
        value: (_plot, value, _series, row) => figure(row === shown.unfinished && row !== null ? shown.series[index]?.values[row] : value, own, currency),
        ...(chart === 'bar' ? { paths: () => null } : {})
      }))
    ],
    hooks: { draw: [...(chart === 'bar' ? [barPainter(colours, () => shown.unfinished)] : []), drawUnfinished(chart, colours, { text, ground }, shown)] }
  }
}

interface Described {
  readonly query: Query
  readonly points: number
  readonly series: readonly Series[]
  readonly currency: string
  readonly isUnfinished: boolean
}

function sentence ({ query: { title, chart }, points, series, currency, isUnfinished }: Described): string {
  const parts = series.map(({ column: name, unit, values }) => {
    const known = values.filter((value) => value !== null)
    return `${label(name)} from ${figure(Math.min(...known), unit, currency)} to ${figure(Math.max(...known), unit, currency)}, last ${figure(known.at(-1), unit, currency)}`
  })
  return `${chart === 'bar' ? 'Bar' : 'Line'} chart, ${points} points: ${title}. ${parts.join('; ')}. ${isUnfinished ? 'The last point is incomplete. ' : ''}The figures are in the table below.`
}
