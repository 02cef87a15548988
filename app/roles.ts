import { InvalidArgumentError } from 'commander'

/** The roles of a process. Each may run alone, or all together. */
export const roles = ['ingest', 'transform', 'load', 'dashboard'] as const
export type Role = typeof roles[number]

/** Reads `ingest,load`. */
export function parseRoles (text: string): ReadonlySet<Role> {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '')
  const unknown = names.filter((name) => !isRole(name))
  if (unknown.length > 0) throw new InvalidArgumentError(`expected some of ${roles.join(', ')}, got ${unknown.join(', ')}`)
  if (names.length === 0) throw new InvalidArgumentError(`expected some of ${roles.join(', ')}, got none`)
  return new Set(names.filter(isRole))
}

function isRole (name: string): name is Role {
  return (roles as readonly string[]).includes(name)
}
