import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageRoot } from '../../runtime/package-root.ts'

export const watchdog = join(packageRoot, 'test/kafka/watchdog.mjs')

/** A process that does not outlive ours, however ours ends. */
export interface WatchedProcess {
  readonly pid: number
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>
  /** Resolves when the signal was sent; after SIGKILL, when the process is gone. */
  signal (signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
}

/** Starts a command in a folder, which is removed should our process die. Output goes to the end of the log file. */
export async function startWatched (logFile: string, folder: string, command: string, args: readonly string[]): Promise<WatchedProcess> {
  // A group of its own: a Ctrl-C at the terminal must not stop brokers under tests that are still ending.
  const child = fork(watchdog, [logFile, folder, command, ...args], { execArgv: [], detached: true })
  const exited = once(child, 'exit').then(() => {})
  const started = once(child, 'message')
  const first = await Promise.race([started, exited.then(() => { throw new Error(`${command} could not be started`) })])
  const { pid } = first[0] as { readonly pid: number }
  return {
    pid,
    exited,
    async signal (signal) {
      if (!child.connected) return
      const answered = once(child, 'message')
      child.send(signal)
      await (signal === 'SIGKILL' ? exited : Promise.race([answered, exited]))
    }
  }
}
