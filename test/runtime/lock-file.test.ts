import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'

interface Locked { readonly version?: string, readonly optionalDependencies?: Readonly<Record<string, string>>, readonly resolved?: string }

const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')) as { packages: Readonly<Record<string, Locked>> }

/**
 * `npm install` leaves out of the lock what is built for other platforms where a registry does not have it, and then `npm ci` refuses
 * the lock. Put the entries back that are named here: version, os, cpu, optional.
 */
test('the lock file holds the builds for every platform, so that npm ci takes it', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages)))
  expect(missing).toEqual([])
})

test('the lock file records no address of a registry', () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})
