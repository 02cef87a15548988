import type { Reporter, TestModule } from 'vitest/node'

/** The last line of a run: what passed, failed and was skipped, and why. */
export default class ClosingLine implements Reporter {
  onTestRunEnd (modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    const reasons = new Set<string>()
    for (const module of modules) {
      if (module.errors().length > 0) count.failed++
      // a hook that failed: its tests count as skipped
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) count.failed++
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'pending') count.failed++
        else count[result.state]++
        if (result.state === 'skipped') reasons.add(result.note ?? `${module.moduleId.split('/').at(-1)}: no reason given`)
      }
    }
    for (const reason of reasons) console.log(`skipped because ${reason}`)
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
}
