import { configFileOf, readConfig, type Config, type Environment } from '../config/config.ts'
import { writeFirstConfig } from '../config/first-config.ts'
import { createLogger } from '../runtime/logger.ts'
import { banner } from './banner.ts'
import { createClosers } from './closers.ts'
import { removeReadyFile, writeReadyFile } from './ready-file.ts'
import type { Role } from './roles.ts'
import { runPipeline, type RunningPipeline } from './run-pipeline.ts'
import { untilToldToStop } from './stop-signals.ts'

/** Time limit of each closer. */
const closeDeadlineMs = 15_000
const exitAfterMs = 3_000

export interface StartOptions {
  readonly wanted: ReadonlySet<Role>
  readonly environment: Environment
  /** Runs beside the pipeline once it is ready, and ends with it. */
  readonly beside?: (config: Config, running: RunningPipeline, signal: AbortSignal) => Promise<void>
}

/** Runs the roles until the process is told to stop, then closes in good order. */
export async function start ({ wanted, environment, beside }: StartOptions): Promise<void> {
  const firstConfig = writeFirstConfig(configFileOf(environment))
  const config = readConfig(environment)
  const logger = createLogger(config.settings.LOG_LEVEL)
  const closers = createClosers(logger, closeDeadlineMs)
  const stop = untilToldToStop(logger)
  try {
    await removeReadyFile(config.settings)
    const running = await runPipeline({ config, roles: wanted, logger, closers, signal: stop.signal, giveUp: stop.giveUp })
    console.log(banner(config, running, firstConfig))
    await writeReadyFile(config.settings, running, wanted)
    closers.add('ready file', () => removeReadyFile(config.settings))
    logger.info({ roles: [...wanted] }, 'ready')
    await Promise.all([stop.stopped, beside?.(config, running, stop.signal)])
  } catch (error) {
    // stopped while waiting for Kafka or a registry: that wait rejects, which is no error
    if (!stop.signal.aborted) throw error
  } finally {
    if (!await closers.closeAll()) process.exitCode = 1
    logger.info('stopped')
    // Handles that a library left open must not keep the process alive. No work is in progress any more.
    setTimeout(() => { process.exit() }, exitAfterMs).unref()
  }
}
