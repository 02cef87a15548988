import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { benchDrain } from './drain.ts'
import { engineNames, startEngine, type Engine, type EngineName } from './engine.ts'
import { printFigures, type Figure } from './figure.ts'
import { benchFreshness } from './freshness.ts'
import { benchIngest } from './ingest.ts'
import { benchLoad } from './load.ts'
import { benchQueries } from './queries.ts'
import { benchTransform } from './transform.ts'

const benches = { ingest: benchIngest, transform: benchTransform, load: benchLoad, drain: benchDrain, freshness: benchFreshness, queries: benchQueries } as const satisfies Record<string, (engine: Engine) => Promise<Figure[]>>
const names = Object.keys(benches) as Array<keyof typeof benches>

const usage = `npm run bench [-- [--engine ${engineNames.join('|')}] ${names.join(' ')}]

Measures each (default: all), prints a table and the same as JSON. Ratios are taken within one run; leave the machine alone meanwhile.
With --engine kafka the log is Kafka: KAFKA_BROKERS, or one broker that is started for it, for which Java and Maven must be there.`

const { values, positionals } = parseArgs({ allowPositionals: true, options: { engine: { type: 'string', default: 'embedded' }, help: { type: 'boolean', default: false } } })
const wanted = names.filter((name) => positionals.length === 0 || positionals.includes(name))
const problems = [
  ...positionals.filter((name) => !(name in benches)).map((name) => `There is no bench ${name}.`),
  ...(isEngine(values.engine) ? [] : [`There is no engine ${values.engine}.`])
]
if (values.help || problems.length > 0) {
  console.log([...problems, usage].join('\n'))
  process.exit(problems.length > 0 ? 1 : 0)
}

function isEngine (name: string): name is EngineName {
  return (engineNames as readonly string[]).includes(name)
}

const engine = await startEngine(values.engine as EngineName)
try {
  const figures: Figure[] = []
  for (const name of wanted) {
    console.error(`measuring ${name} …`)
    figures.push(...await benches[name](engine))
  }
  printFigures(figures, `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${engine.name} log`)
} finally {
  await engine.stop()
}
