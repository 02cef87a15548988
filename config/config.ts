import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { AppError } from '../runtime/errors.ts'
import { settingsSchema, type SettingName, type Settings } from './settings.ts'
import { sourceConfigSchema, type BusinessConfig, type SourceConfig } from './businesses.ts'
import { isAddressRange, isWideRange } from './address-range.ts'
import { configErrors } from './config-errors.ts'

/** The configuration of a role, read once. */
export interface Config {
  readonly settings: Settings
  readonly trustedProxies: readonly string[]
  readonly businesses: readonly BusinessConfig[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment and CONFIG_FILE. Throws CONFIG_INVALID whose message lists every problem of both. */
export function readConfig (environment: Environment): Config {
  const problems: string[] = []
  const settings = readSettings(environment, problems)
  const trustedProxies = (environment['TRUSTED_PROXIES'] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '')
  for (const range of trustedProxies) {
    if (!isAddressRange(range)) problems.push(`TRUSTED_PROXIES: expected addresses or CIDR ranges, got ${range}`)
    else if (isWideRange(range)) problems.push(`TRUSTED_PROXIES: expected the addresses of your proxies, got ${range}, so much of the internet that anybody could claim any address by X-Forwarded-For`)
  }
  if (settings !== undefined) problems.push(...contradictions(settings))
  const sources = readSourceConfig(environment, configFileOf(environment), problems)
  if (settings === undefined || sources === undefined || problems.length > 0) throw configInvalid(problems)
  return deepFreeze({ settings, trustedProxies, businesses: sources.businesses })
}

/** The path of CONFIG_FILE, whatever else the environment says. */
export function configFileOf (environment: Environment): string {
  const given = environment['CONFIG_FILE']
  return present(given) ? given : settingsSchema.shape.CONFIG_FILE.parse(undefined)
}

function readSettings (environment: Environment, problems: string[]): Settings | undefined {
  const names = Object.keys(settingsSchema.shape) as SettingName[]
  // An empty variable, left blank in a .env file, means the default.
  const given = Object.fromEntries(names.flatMap((name) => present(environment[name]) ? [[name, environment[name]]] : []))
  const parsed = settingsSchema.safeParse(given)
  if (parsed.success) return parsed.data
  problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}, got ${shown(String(issue.path[0]), environment)}`))
  return undefined
}

/** A password is not repeated: this text ends in logs. */
function shown (name: string, environment: Environment): string {
  const value = environment[name] ?? ''
  return name.endsWith('PASSWORD') ? `one of ${value.length} characters` : JSON.stringify(value)
}

/** Rules over several settings. A setting that would be ignored is reported, so that nobody relies on it. */
function contradictions (settings: Settings): readonly string[] {
  const given = (name: SettingName): boolean => settings[name] !== undefined && settings[name] !== false
  const needs = (names: readonly SettingName[], needed: SettingName): readonly string[] =>
    given(needed) ? [] : names.filter(given).map((name) => `${name}: expected ${needed} beside it, got none`)
  const bodyLimit = Math.max(settings.NECTOR_BODY_LIMIT_BYTES, settings.NETCORE_BODY_LIMIT_BYTES)
  return [
    ...(settings.IN_FLIGHT_BODY_BYTES < bodyLimit ? [`IN_FLIGHT_BODY_BYTES: expected the largest body (${bodyLimit}) at least, got ${settings.IN_FLIGHT_BODY_BYTES}`] : []),
    ...needs(['KAFKA_TLS', 'KAFKA_SASL_MECHANISM', 'SCHEMA_REGISTRY_URL'], 'KAFKA_BROKERS'),
    ...needs(['KAFKA_TLS_CA_FILE', 'KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'], 'KAFKA_TLS'),
    ...needs(['KAFKA_TLS_CERT_FILE'], 'KAFKA_TLS_KEY_FILE'),
    ...needs(['KAFKA_TLS_KEY_FILE'], 'KAFKA_TLS_CERT_FILE'),
    ...needs(['KAFKA_USERNAME', 'KAFKA_PASSWORD'], 'KAFKA_SASL_MECHANISM'),
    ...needs(['KAFKA_SASL_MECHANISM'], 'KAFKA_USERNAME'),
    ...needs(['KAFKA_SASL_MECHANISM'], 'KAFKA_PASSWORD'),
    ...needs(['SCHEMA_REGISTRY_USER', 'SCHEMA_REGISTRY_PASSWORD'], 'SCHEMA_REGISTRY_URL'),
    ...needs(['CLICKHOUSE_CLUSTER', 'CLICKHOUSE_CA_FILE'], 'CLICKHOUSE_URL'),
    ...(given('KAFKA_BROKERS') && settings.KAFKA_MIN_INSYNC_REPLICAS > settings.KAFKA_REPLICATION_FACTOR
      ? [`KAFKA_MIN_INSYNC_REPLICAS: expected no more than KAFKA_REPLICATION_FACTOR (${settings.KAFKA_REPLICATION_FACTOR}), got ${settings.KAFKA_MIN_INSYNC_REPLICAS}`]
      : []),
    ...(given('KAFKA_BROKERS') && settings.KAFKA_MAX_MESSAGE_BYTES < 2 * bodyLimit
      ? [`KAFKA_MAX_MESSAGE_BYTES: expected twice the largest body (2 × ${bodyLimit}) at least, got ${settings.KAFKA_MAX_MESSAGE_BYTES}`]
      : [])
  ]
}

function readSourceConfig (environment: Environment, file: string, problems: string[]): SourceConfig | undefined {
  const path = resolve(file)
  if (!existsSync(path)) {
    problems.push(`${file}: no such file; 'loyalty-warehouse start' writes one, or set CONFIG_FILE`)
    return undefined
  }
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    problems.push(`${file}: expected JSON, got ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
  const filled = fillFromEnvironment(json, environment, [], (at, name) => {
    problems.push(`${file}: ${at}: expected the environment variable ${name} to be set, as \${${name}} asks for it`)
  })
  const parsed = sourceConfigSchema.safeParse(filled)
  if (parsed.success) return parsed.data
  problems.push(...parsed.error.issues.map((issue) => `${file}: ${describePath(issue.path)}: ${describeIssue(issue)}`))
  return undefined
}

/** Replaces ${NAME} in every text by the environment variable of that name. */
function fillFromEnvironment (value: unknown, environment: Environment, path: readonly PropertyKey[], missing: (at: string, name: string) => void): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (reference, name: string) => {
      const found = environment[name]
      if (present(found)) return found
      missing(describePath(path), name)
      return reference
    })
  }
  if (Array.isArray(value)) return value.map((item, index) => fillFromEnvironment(item, environment, [...path, index], missing))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillFromEnvironment(item, environment, [...path, key], missing)]))
  }
  return value
}

function describePath (path: readonly PropertyKey[]): string {
  return path.map((part, index) => typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`).join('') || 'the file'
}

function describeIssue (issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? `does not know ${issue.keys.join(', ')}` : issue.message
}

function configInvalid (problems: readonly string[]): AppError {
  return new AppError(configErrors.CONFIG_INVALID, `the configuration has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
}

function present (value: string | undefined): value is string {
  return value !== undefined && value.trim() !== ''
}

function deepFreeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}
