// For `node --import`: the wall clock of a process as if somebody had set it. CLOCK_FILE holds by how many milliseconds, and may change.
import { readFileSync } from 'node:fs'

const realNow = Date.now
const file = process.env['CLOCK_FILE'] ?? ''
let step = 0

function read () {
  try {
    step = Number(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

Date.now = () => realNow() + step
read()
setInterval(read, 10).unref()
