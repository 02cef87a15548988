import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../runtime/package-root.ts'

/** Tests that start processes start what was built, so it is built from what is here now; once a run, though each project asks. */
export default function setup (): void {
  if (process.env['BUILT_FOR_TESTS'] === packageRoot) return
  for (const project of ['tsconfig.build.json', 'dashboard/page']) {
    execFileSync(process.execPath, [join(packageRoot, 'node_modules/typescript/bin/tsc'), '-p', project], { cwd: packageRoot, stdio: 'inherit' })
  }
  process.env['BUILT_FOR_TESTS'] = packageRoot
}
