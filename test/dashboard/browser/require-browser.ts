import { describe, test } from 'vitest'
import { findBrowser, judge } from './find-browser.ts'

/** A suite in a real browser. Without one it is one test, skipped or failed with the reason. */
export function describeWithBrowser (name: string, define: (executablePath: string) => void): void {
  const verdict = judge(findBrowser(process.env), process.env)
  if (verdict.kind === 'run') {
    describe(name, () => { define(verdict.path) })
    return
  }
  test(name, (context) => {
    if (verdict.kind === 'skip') context.skip(verdict.reason)
    else throw new Error(verdict.reason)
  })
}
