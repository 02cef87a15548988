// Runs one broker for as long as the process that asked for it lives: when that dies, even by SIGKILL, the channel
// between the two closes and the broker is killed, frozen or not, and its folder removed. Signals for the broker come
// as messages and are answered once sent, since only its parent can be sure that a pid is still the broker's.
// Arguments: log file, folder, command, its arguments.
import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'

const [logFile, folder, command, ...args] = process.argv.slice(2)
const output = openSync(logFile, 'a')
const broker = spawn(command, args, { cwd: folder, stdio: ['ignore', output, output] })

// A terminal's Ctrl-C is the test process's business.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

let orphaned = false
process.on('disconnect', () => {
  orphaned = true
  broker.kill('SIGKILL')
})
process.on('message', (signal) => {
  broker.kill(signal)
  process.send({ sent: signal })
})
broker.once('error', () => process.exit(127))
broker.once('exit', (code) => {
  if (orphaned) rmSync(folder, { recursive: true, force: true })
  process.exit(code ?? 1)
})
if (broker.pid !== undefined && process.connected) process.send({ pid: broker.pid })
