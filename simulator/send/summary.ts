import type { SendSummary } from './send-webhooks.ts'

/** The closing lines of a simulation. */
export function describeSummary ({ accepted: { nector, netcore }, repeats, retries, seconds, aborted }: SendSummary): string {
  const events = nector.events + netcore.events
  const rows = [
    ['', 'webhooks', 'events'],
    ['Nector', String(nector.webhooks), String(nector.events)],
    ['Netcore', String(netcore.webhooks), String(netcore.events)],
    ['together', String(nector.webhooks + netcore.webhooks), String(events)]
  ].map(([name = '', ...figures]) => `  ${name.padEnd(8)}${figures.map((figure) => figure.padStart(12)).join('')}`)
  return [
    `${aborted ? 'Stopped. ' : ''}Accepted:`,
    ...rows,
    `${repeats} of the webhooks were repeats, as vendors send them; they must change no figure. ${retries} retries.`,
    `${seconds.toFixed(1)} s, ${Math.round(events / Math.max(seconds, 0.001))} events/s`
  ].join('\n')
}
