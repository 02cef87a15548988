import type { Answer, Configuration, Failure, Query } from './answers.ts'
import { days, type State } from './state.ts'

/** An answer that is not one; `code` is that of the server, or NETWORK where there was none. */
export class AskError extends Error {
  readonly code: string

  constructor (code: string, message: string) {
    super(message)
    this.code = code
  }
}

export async function askConfiguration (): Promise<Configuration> {
  return await json('/api/configuration') as Configuration
}

export async function ask (address: string, signal?: AbortSignal): Promise<Answer> {
  return await json(address, signal) as Answer
}

/** Where the answer to a query is, as JSON or CSV; undefined where the business has not what it asks about, such as a funnel. */
export function addressOf ({ name, parameters }: Query, state: State, timezone: string, format: '' | '.csv' = ''): string | undefined {
  const { from, to } = days(state, timezone, Date.now())
  const values: Readonly<Record<string, string | undefined>> = { business: state.business, funnel: state.funnel, from, to }
  const pairs = new URLSearchParams()
  for (const parameter of parameters) {
    const value = values[parameter]
    if (value === undefined) return undefined
    pairs.set(parameter, value)
  }
  return `/api/queries/${name}${format}${parameters.length === 0 ? '' : `?${pairs.toString()}`}`
}

async function json (address: string, signal?: AbortSignal): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(address, signal === undefined ? {} : { signal })
  } catch (error) {
    if (signal?.aborted === true) throw error
    throw new AskError('NETWORK', 'loyalty-warehouse does not answer. Is it running?')
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body
  const { error } = (body ?? {}) as Partial<Failure>
  throw new AskError(error?.code ?? 'NETWORK', error?.message ?? `expected an answer, got HTTP ${response.status}`)
}
