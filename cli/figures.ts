import { InvalidArgumentError, type Command } from 'commander'
import { SingleBar } from 'cli-progress'
import { rebuild, verify } from '../app/run-figures.ts'
import { readConfig } from '../config/config.ts'

interface FiguresOptions {
  readonly business?: string
  readonly from?: string
  readonly to?: string
  readonly sample?: number
  readonly json?: boolean
}

const examples = `
Examples:
  $ loyalty-warehouse figures verify                          a sample of 100 of each kind of figure
  $ loyalty-warehouse figures verify --sample 5000 --json
  $ loyalty-warehouse figures rebuild                         after tables were copied, or where verify names differences
  $ loyalty-warehouse figures rebuild --business acme --from 2026-01-01 --to 2026-01-31

An embedded ClickHouse must not be running: stop \`npm start\` before. A server of yours (CLICKHOUSE_URL) may be in use meanwhile.
Exit codes: 0 nothing to do, 1 figures differ, 2 it could not be found out.`

/** Adds `figures rebuild` and `figures verify`. */
export function registerFigures (program: Command): void {
  const figures = program.command('figures').description('Works figures that are kept ahead of queries out anew, or compares them with what is in the warehouse.').addHelpText('after', examples)
  figures.command('rebuild')
    .description('Works every figure out anew: days, balances, referrals, funnels, and who is who.')
    .option('-b, --business <id>', 'business of CONFIG_FILE; default: all')
    .option('--from <day>', 'first day, such as 2026-01-01; default: the first there is', day)
    .option('--to <day>', 'last day; default: the last there is', day)
    .action(async (options: FiguresOptions) => { await rebuildWithBar(options) })
  figures.command('verify')
    .description('Works a sample of figures out from their events and names each difference.')
    .option('-b, --business <id>', 'business of CONFIG_FILE; default: all')
    .option('-n, --sample <count>', 'figures of each kind', count, 100)
    .option('--json', 'print the result as JSON')
    .action(async (options: FiguresOptions) => { await verifyAndTell(options) })
}

async function rebuildWithBar (options: FiguresOptions): Promise<void> {
  const bar = process.stdout.isTTY ? new SingleBar({ format: '{bar} {percentage}% | {value} of {total} figures | {eta_formatted} left', hideCursor: true }) : undefined
  let total = 0
  try {
    await rebuild(readConfig(process.env), options, {
      begin (more) {
        total += more
        if (bar?.isActive === true) bar.setTotal(total)
        else bar?.start(total, 0)
      },
      done: (done) => bar?.increment(done)
    })
  } finally {
    bar?.stop()
  }
  console.log(`${total} figures, identifiers and days worked out`)
}

async function verifyAndTell ({ sample = 100, json = false, business }: FiguresOptions): Promise<void> {
  const { checked, differences } = await verify(readConfig(process.env), { business, sample }).catch((error: unknown) => {
    process.exitCode = 2
    throw error
  })
  if (json) console.log(JSON.stringify({ checked, differences }, null, 2))
  else {
    for (const { figure, business, key, column, expected, got } of differences) console.log(`${figure} of ${business}, ${key}: ${column} expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`)
    console.log(differences.length === 0 ? `${checked} figures are what their events say` : `${differences.length} differences in ${checked} figures: \`loyalty-warehouse figures rebuild\` mends them`)
  }
  if (differences.length > 0) process.exitCode = 1
}

function day (text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('expected a day such as 2026-01-31')
  return text
}

function count (text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1')
  return Number(text)
}
