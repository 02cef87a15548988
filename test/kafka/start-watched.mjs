// Child of watched-process.test.ts: starts a process under the watchdog, as a test would, prints its pid, and waits to be killed.
import { fork } from 'node:child_process'

const [watchdog, ...args] = process.argv.slice(2)
const child = fork(watchdog, args, { execArgv: [], detached: true })
child.once('message', ({ pid }) => {
  child.send('SIGSTOP')
  child.once('message', () => console.log(pid))
})
