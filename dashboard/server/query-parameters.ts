import { z } from 'zod'
import { AppError } from '../../runtime/errors.ts'
import type { BusinessConfig } from '../../config/businesses.ts'
import type { DashboardQuery, ParameterName } from './dashboard-queries.ts'
import { dashboardErrors } from './dashboard-errors.ts'

const longestPeriodDays = 5 * 366
const day = z.iso.date('expected a day such as 2026-06-30')

/**
 * Exactly the parameters that a query has, each checked against the configuration. Throws QUERY_PARAMETERS_INVALID whose message
 * names every problem.
 */
export function checkParameters ({ name, parameters }: DashboardQuery, businesses: readonly BusinessConfig[], given: unknown): Readonly<Record<string, string>> {
  const ids = businesses.map(({ id }) => id)
  const oneBusiness = `expected one of ${ids.join(', ')}`
  const every: Record<ParameterName, z.ZodType<string>> = {
    business: z.string(oneBusiness).refine((id) => ids.includes(id), oneBusiness),
    funnel: z.string('expected the name of a funnel'),
    from: day,
    to: day
  }
  const shape = Object.fromEntries(parameters.map((parameter) => [parameter, every[parameter]]))
  const schema = z.strictObject(shape).superRefine((values: Readonly<Record<string, string>>, context) => {
    const complain = (path: ParameterName, message: string): void => { context.addIssue({ code: 'custom', path: [path], message }) }
    const { business, funnel, from, to } = values
    if (funnel !== undefined) {
      const funnels = businesses.find(({ id }) => id === business)?.funnels.map((one) => one.name) ?? []
      if (!funnels.includes(funnel)) complain('funnel', `expected ${funnels.length === 0 ? `${business} to have funnels, see "funnels" of CONFIG_FILE` : `one of ${funnels.join(', ')}`}`)
    }
    if (from === undefined || to === undefined) return
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
    if (days < 1) complain('to', `expected ${from} or later`)
    if (days > longestPeriodDays) complain('from', `expected ${longestPeriodDays} days at most, got ${days}`)
  })
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: expected ${parameters.join(', ')} only`
    const [key = ''] = issue.path
    const got: unknown = typeof given === 'object' && given !== null ? Object.entries(given).find(([one]) => one === key)?.[1] : undefined
    return `${String(key)}: ${issue.message}, got ${got === undefined ? 'none' : JSON.stringify(got)}`
  })
  throw new AppError(dashboardErrors.QUERY_PARAMETERS_INVALID, `the parameters of ${name}: ${problems.join('; ')}`)
}
