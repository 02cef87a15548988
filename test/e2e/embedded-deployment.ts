import { readFile } from 'node:fs/promises'
import { freePorts } from '../kafka/free-ports.ts'
import type { Deployment } from './deployment.ts'
import { createHome, eventually, startPipeline } from './pipeline-process.ts'

/** Everything in one process on the embedded engines, as `npm start` runs it. */
export async function embeddedDeployment (settings: Readonly<Record<string, string>>): Promise<Deployment> {
  const [port] = await freePorts(1)
  const home = await createHome({ HTTP_PORT: String(port), ...settings })
  let pipeline = await startPipeline(home)
  return {
    home,
    get url () { return pipeline.url },
    get clickHouseUrl () { return pipeline.clickHouseUrl },
    async start () { pipeline = await startPipeline(home) },
    async stop () {
      const code = await pipeline.stop()
      if (code !== 0) throw new Error(`expected an end in good order, got exit code ${code}:\n${pipeline.output()}`)
    },
    async killAll () { await pipeline.killAll() },
    // killed twice in a row, it may have to come back first
    async killWarehouse () { await eventually(async () => { process.kill(await childOf(pipeline.child.pid), 'SIGKILL') }) },
    query: async (sql) => await pipeline.query(sql),
    metrics: async () => [await (await fetch(`${pipeline.adminUrl}/metrics`)).text()],
    output: () => pipeline.output(),
    remove: async () => { await home.remove() }
  }
}

async function childOf (parent: number | undefined): Promise<number> {
  const [pid] = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).split(' ').filter((part) => part !== '').map(Number)
  if (pid === undefined) throw new Error('expected the pipeline to have a child')
  return pid
}
