import { cpus, totalmem } from 'node:os'
import { printFigures, type Figure } from './figure.ts'
import { benchFreshness } from './freshness.ts'
import { benchIngest } from './ingest.ts'
import { benchLoad } from './load.ts'
import { benchTransform } from './transform.ts'

const benches = { ingest: benchIngest, transform: benchTransform, load: benchLoad, freshness: benchFreshness } as const satisfies Record<string, () => Promise<Figure[]>>
const names = Object.keys(benches) as Array<keyof typeof benches>

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const unknown = wanted.filter((name) => !(name in benches))
if (process.argv.includes('--help') || unknown.length > 0) {
  console.log(`${unknown.length > 0 ? `There is no bench ${unknown.join(', ')}.\n` : ''}npm run bench [-- ${names.join(' ')}]\n\nMeasures each (default: all), prints a table and the same as JSON. Ratios are taken within one run; leave the machine alone meanwhile.`)
  process.exit(unknown.length > 0 ? 1 : 0)
}

const figures: Figure[] = []
for (const name of names.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  console.error(`measuring ${name} …`)
  figures.push(...await benches[name]())
}
printFigures(figures, `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`)
