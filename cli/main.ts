#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { AppError } from '../runtime/errors.ts'
import { packageRoot } from '../runtime/package-root.ts'
import { registerCheckConfig } from './check-config.ts'
import { registerDemo } from './demo.ts'
import { registerFigures } from './figures.ts'
import { registerMigrate } from './migrate.ts'
import { registerSimulate } from './simulate.ts'
import { registerStart } from './start.ts'

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

const program = new Command('loyalty-warehouse')
  .description('Loyalty and engagement webhooks (Nector, Netcore Cloud CEE) into ClickHouse')
  .version(version)
  .showHelpAfterError('(--help shows what is expected)')
registerStart(program)
registerDemo(program)
registerSimulate(program)
registerMigrate(program)
registerFigures(program)
registerCheckConfig(program)

try {
  await program.parseAsync()
} catch (error) {
  // Declared errors print one sentence; anything else is a bug and needs its stack.
  console.error(error instanceof AppError ? `loyalty-warehouse: ${error.message}` : error)
  process.exitCode = 1
}
