// The process that is the embedded ClickHouse server: argv is the path of libchdb, then the command line of `clickhouse local`.
// Plain JavaScript, so that the same file runs beside the sources and in dist/.
//
// It lives exactly as long as its stdin is open: the last query of the command line reads it. When the parent ends,
// however it ends, the pipe closes and the server stops cleanly.
// Why it ended before that is on stderr, where ClickHouse writes most of its errors itself. The exit code says nothing:
// the library does not tell of those.
import { Worker } from 'node:worker_threads'
import { DataType, isNullPointer, load, open, restorePointer, wrapPointer } from 'ffi-rs'

// A clean stop that hangs must not leave an orphan that holds the data directory: the main thread is inside the server,
// so a second thread notices that the parent is gone and puts an end to it after a grace period.
const watchdog = `
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 15_000)
  }, 1_000)`

const library = 'libchdb'

/**
 * Runs the server until stdin closes.
 * @param {string} path
 * @param {readonly string[]} argv
 * @returns {string | undefined} an error that ClickHouse has not written to stderr itself
 */
function serve (path, argv) {
  open({ library, path })
  const result = load({
    library,
    funcName: 'chdb_query_cmdline',
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [argv.length, argv]
  })
  const message = load({
    library,
    funcName: 'chdb_result_error',
    retType: DataType.External,
    paramsType: [DataType.External],
    paramsValue: [result]
  })
  if (isNullPointer(message)) return undefined
  return String(restorePointer({ retType: [DataType.String], paramsValue: wrapPointer([message]) })[0])
}

const [path, ...argv] = process.argv.slice(2)
if (path === undefined) throw new Error('expected the path of libchdb and a command line')

const guard = new Worker(watchdog, { eval: true })
guard.unref()
/** @type {string | undefined} */
let message
try {
  message = serve(path, argv)
} catch (error) {
  message = String(error)
}
if (message !== undefined) console.error(message.split('\n', 1)[0])
process.exit(message === undefined ? 0 : 1)
