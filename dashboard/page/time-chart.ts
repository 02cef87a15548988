import type { Answer, Query } from './answers.ts'
import { element } from './element.ts'
import { dayName, figure, label } from './format.ts'
import { palette } from './palette.ts'
import { column, seriesOf, type Series } from './series.ts'
import { barPainter, stepOf } from './time-bars.ts'
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
export function timeChart (query: Query, first: Answer, currency: string): TimeChart {
  const root = element('div', { class: 'plot', role: 'img' })
  const series = seriesOf(query, first)
  const plot = new Plot(options(query, series, currency), data(query, first, series), root)
  const place = new ResizeObserver(() => { if (root.clientWidth > 0) plot.setSize({ width: root.clientWidth, height }) })
  place.observe(root)
  let points = first.rows.length
  // the legend says the last day's figures wherever no pointer asks for another day's
  const rest = (): void => { queueMicrotask(() => { if (plot.cursor.idx === null || plot.cursor.idx === undefined) plot.setLegend({ idx: points - 1 }) }) }
  plot.over.addEventListener('mouseleave', rest)
  describe(first, series)

  function describe (answer: Answer, shown: readonly Series[]): void {
    root.setAttribute('aria-label', sentence(query, answer, shown, currency))
    points = answer.rows.length
    rest()
  }

  return {
    root,
    update (answer) {
      const shown = seriesOf(query, answer)
      plot.setData(data(query, answer, shown))
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

function data (query: Query, answer: Answer, series: readonly Series[]): Plot.AlignedData {
  return [xs(query, answer), ...series.map(({ values }) => [...values])]
}

function options ({ chart, x }: Query, series: readonly Series[], currency: string): Plot.Options {
  const { text, grid, ground, series: colours } = palette()
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
      y: { range: (_plot, low, high) => [Math.min(0, low), high <= 0 ? (low < 0 ? 0 : 1) : high * 1.08] }
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, splits: daysWithRoom, values: (_plot, splits) => splits.map((split) => dayName(split)) },
      { ...axis, size: 62, ...(unit === 'percent' ? {} : { incrs: wholeSteps }), values: (_plot, splits) => splits.map((split) => figure(split, unit, currency, true)) }
    ],
    series: [
      { label: label(x ?? ''), value: (_plot, at) => at === null || at === undefined ? '–' : dayName(at, true) },
      ...series.map(({ column: name, unit: own }, index): Plot.Series => ({
        label: label(name),
        stroke: colours[index % colours.length] ?? text,
        width: 2,
        dash: [...dashes[index % dashes.length] ?? []],
        points: { show: chart === 'line', size: 5, fill: ground },
        value: (_plot, value) => figure(value, own, currency),
        ...(chart === 'bar' ? { paths: () => null } : {})
      }))
    ],
    hooks: chart === 'bar' ? { draw: [barPainter(colours)] } : {}
  }
}

function sentence ({ title, chart }: Query, answer: Answer, series: readonly Series[], currency: string): string {
  const parts = series.map(({ column: name, unit, values }) => {
    const known = values.filter((value) => value !== null)
    return `${label(name)} from ${figure(Math.min(...known), unit, currency)} to ${figure(Math.max(...known), unit, currency)}, last ${figure(known.at(-1), unit, currency)}`
  })
  return `${chart === 'bar' ? 'Bar' : 'Line'} chart, ${answer.rows.length} points: ${title}. ${parts.join('; ')}. The figures are in the table below.`
}
