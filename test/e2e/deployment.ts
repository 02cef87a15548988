import type { TestContext } from 'vitest'
import type { Home } from './pipeline-process.ts'

/** The whole of the product as it runs somewhere: on which engines and in how many processes is its own affair. */
export interface Deployment {
  readonly home: Home
  /** Where vendors send to; the same over restarts. */
  readonly url: string
  readonly clickHouseUrl: string
  /** Starts again after `stop` or `killAll`. */
  start (): Promise<void>
  /** SIGTERM to every process; rejects where one does not end in good order. */
  stop (): Promise<void>
  /** SIGKILL to every process, that of ClickHouse among them. */
  killAll (): Promise<void>
  /** SIGKILL to ClickHouse alone, which comes back by itself. */
  killWarehouse (): Promise<void>
  /** Runs a query as a user with all rights and returns its rows. */
  query (sql: string): Promise<Array<Record<string, unknown>>>
  /** What each process answers at /metrics. */
  metrics (): Promise<readonly string[]>
  /** What all of its processes have printed. */
  output (): string
  /** For when everything has ended: removes what it has left behind. */
  remove (): Promise<void>
}

/** A new deployment, running, with these settings beside its own. */
export type CreateDeployment = (settings: Readonly<Record<string, string>>) => Promise<Deployment>

/** The value of a metric, written with its labels, over all processes. */
export function sumOfMetric (texts: readonly string[], name: string): number {
  return texts.flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(name.length)), 0)
}

/** For `afterEach`: what the processes said, where the test has failed. */
export function sayWhyItFailed ({ task }: Pick<TestContext, 'task'>, deployment: Pick<Deployment, 'output'> | undefined): void {
  if (task.result?.state === 'fail') console.error(`The end of what the processes said:\n${deployment?.output().slice(-6000)}`)
}
