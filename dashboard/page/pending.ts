import { ask } from './ask.ts'
import { column } from './series.ts'

/** What is still to be worked out, by figure of analytics.freshness; without those that are complete. */
export type Pending = ReadonlyMap<string, string>

export async function askPending (business: string, signal: AbortSignal): Promise<Pending> {
  const answer = await ask(`/api/queries/health_figures?${new URLSearchParams({ business }).toString()}`, signal)
  const [counts, untils] = [column(answer, 'pending'), column(answer, 'complete_until')]
  return new Map(column(answer, 'figure').flatMap((figure, index): Array<[string, string]> => {
    const count = Number(counts[index] ?? 0)
    if (count === 0) return []
    const until = untils[index]
    // UTC, in the words of this browser
    const when = until === null || until === undefined ? '' : `Complete up to ${new Date(`${String(until).replace(' ', 'T')}Z`).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })}; `
    return [[String(figure), `${when}${new Intl.NumberFormat().format(count)} still to be worked out.`]]
  }))
}

/** Of the figures of a card the one that is complete the least. */
export function pendingOf (figures: readonly string[], pending: Pending | undefined): string | undefined {
  return figures.map((figure) => pending?.get(figure)).find((text) => text !== undefined)
}
