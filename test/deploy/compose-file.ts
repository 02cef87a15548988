import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { packageRoot } from '../../runtime/package-root.ts'

export interface Mount { readonly source: string, readonly target: string }

export interface Service {
  readonly image: string
  readonly build?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly volumes?: ReadonlyArray<string | Mount>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly command?: readonly string[]
  readonly container_name?: string
  readonly stop_grace_period?: string
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes?: Readonly<Record<string, null>>
}

export const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8')
export const readYaml = (file: string): unknown => parse(read(file), { merge: true })

export const composeFiles = ['docker-compose.yml', 'deploy/docker-compose.crm.yml', 'deploy/docker-compose.marts.yml'] as const
export const compose = readYaml('docker-compose.yml') as ComposeFile
export const crm = readYaml('deploy/docker-compose.crm.yml') as ComposeFile

export const marts = readYaml('deploy/docker-compose.marts.yml') as ComposeFile

/** Services that run this project. */
export const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined)

/** `NAME=value` lines. */
export const environmentExample: ReadonlyMap<string, string> = new Map(read('.env.example').split('\n').filter((line) => /^[A-Z]/.test(line)).map((line) => {
  const [name = '', value = ''] = line.split(/=(.*)/)
  return [name, value]
}))

/** What docker compose makes of a text with these variables. Throws for a required one that is empty. */
export function substitute (text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g, (_reference, name: string, kind: string | undefined, rest: string = '') => {
    const value = variables.get(name) ?? ''
    if (value !== '') return value
    if (kind === '?') throw new Error(`${name}: ${rest}`)
    return rest
  })
}

/** The mounts of a service, long and short form alike. */
export function mounts ({ volumes = [] }: Service): readonly Mount[] {
  return volumes.map((volume) => {
    if (typeof volume !== 'string') return volume
    const [source = '', target = ''] = volume.split(':')
    return { source, target }
  })
}
