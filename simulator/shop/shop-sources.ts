import type { Config } from '../../config/config.ts'
import { AppError } from '../../runtime/errors.ts'
import type { BusinessConfig, NectorSourceConfig, NetcoreSourceConfig } from '../../config/businesses.ts'
import { configErrors } from '../../config/config-errors.ts'

/** Where the simulated shop sends its webhooks: one source of each vendor. */
export interface ShopSources {
  readonly business: BusinessConfig
  readonly nector: NectorSourceConfig
  readonly netcore: NetcoreSourceConfig
}

/** The sources of the named business, or of the first business that has both vendors. Throws CONFIG_INVALID where there is none. */
export function findShopSources ({ businesses }: Pick<Config, 'businesses'>, businessId?: string): ShopSources {
  const candidates = businessId === undefined ? businesses : businesses.filter(({ id }) => id === businessId)
  if (candidates.length === 0) {
    throw new AppError(configErrors.CONFIG_INVALID, `expected --business to be one of ${businesses.map(({ id }) => id).join(', ')}, got ${businessId ?? 'none'}`)
  }
  for (const business of candidates) {
    const [nector] = business.nector
    const [netcore] = business.netcore
    if (nector !== undefined && netcore !== undefined) return { business, nector, netcore }
  }
  const lacks = candidates.map(({ id, nector }) => `${id} has no ${nector.length === 0 ? 'nector' : 'netcore'} source`)
  throw new AppError(configErrors.CONFIG_INVALID, `expected a business with a nector and a netcore source, got none: ${lacks.join(', ')}; add one to CONFIG_FILE`)
}

export interface Step {
  readonly activityId: string
  readonly name: string
}

export interface Steps {
  /** In the order they are walked; the last is the purchase. */
  readonly funnel: readonly [Step, ...Step[]]
  /** What visitors do besides, such as looking at a page. */
  readonly asides: readonly Step[]
}

/** Netcore's own ids, for a source that names none. */
const vendorSteps = { 1: 'page_browse', 2: 'add_to_cart', 3: 'checkout' }

/** What visitors do: the steps of the first funnel that this source knows, else all its activities in the order of their ids. */
export function stepsOf ({ business, netcore }: ShopSources): Steps {
  const named = Object.keys(netcore.activities).length > 0 ? netcore.activities : vendorSteps
  const all = Object.entries(named).map(([activityId, name]): Step => ({ activityId, name }))
  for (const { steps } of business.funnels) {
    const [first, ...rest] = steps.flatMap((name) => all.find((step) => step.name === name) ?? [])
    if (first === undefined || rest.length === 0) continue
    const funnel = [first, ...rest] as const
    return { funnel: [...funnel], asides: all.filter((step) => !funnel.includes(step)) }
  }
  const [first = { activityId: '1', name: 'page_browse' }, ...rest] = all
  return { funnel: [first, ...rest], asides: [] }
}
