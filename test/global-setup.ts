import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../runtime/package-root.ts'

/** Tests that start processes start what was built, so it is built from what is here now. */
export default function setup (): void {
  for (const project of ['tsconfig.build.json', 'dashboard/page']) {
    execFileSync(process.execPath, [join(packageRoot, 'node_modules/typescript/bin/tsc'), '-p', project], { cwd: packageRoot, stdio: 'inherit' })
  }
}
