import { maskQuoted } from '../migrations/sql-statements.ts'

/** The cluster form of a statement of sql/, as statements in order. All are idempotent. */
export type ClusterStatements = readonly string[]

/**
 * Deterministic, not {uuid}: a replica that is added later, or was away when its tables were created, finds its peers by it.
 * Drop a table with SYNC, or its path stays taken for minutes.
 */
const replicaPath = (cluster: string, database: string, table: string): string => `/clickhouse/tables/${cluster}/${database}.${table}/{shard}`

/**
 * Deduplication window of inserts, in blocks and seconds: as long as a log keeps records (KAFKA_RETENTION_HOURS).
 * The default of an hour is shorter than an outage may be.
 */
const deduplication = 'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800'

/**
 * Views join tables that are sharded: the right side of a join or IN must be gathered from all shards first,
 * or each shard would see only its own part. The default refuses such a query.
 */
const viewSettings = "distributed_product_mode = 'global'"

/**
 * Tables that materialized views fill. On a cluster each view fills its own shard, so equal rows may lie on several shards,
 * and no key gives the shard: the distributed table must not declare one, which ClickHouse might prune shards by.
 */
export function filledTables (statements: readonly string[]): ReadonlySet<string> {
  return new Set(statements.flatMap((statement) => {
    const [, , , database, table] = materializedViewHead.exec(maskQuoted(statement)) ?? []
    return database === undefined || table === undefined ? [] : [`${database}.${table}`]
  }))
}

const engines = /^(?:Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing)?MergeTree$/
const name = '(\\w+)\\.(\\w+)'
const materializedViewHead = new RegExp(`^\\s*CREATE\\s+MATERIALIZED\\s+VIEW\\s+IF\\s+NOT\\s+EXISTS\\s+${name}\\s+TO\\s+${name}(?=\\s+AS\\s)`, 'i')

/** `filled`: see `filledTables`. Throws an Error that names the part it cannot translate: a statement is translated whole or not at all. */
export function clusterStatements (statement: string, cluster: string, filled: ReadonlySet<string> = new Set()): ClusterStatements {
  const masked = maskQuoted(statement)
  for (const { pattern, rewrite } of forms) {
    const match = pattern.exec(masked)
    if (match !== null) return rewrite({ statement, masked, match, cluster, filled, on: ` ON CLUSTER \`${cluster}\`` })
  }
  throw new Error(`a statement that begins with "${masked.trim().split(/\s+/).slice(0, 4).join(' ')}" has no form for a cluster`)
}

interface Found {
  readonly statement: string
  /** The statement with comments, strings and quoted names blanked out, of the same length. */
  readonly masked: string
  readonly match: RegExpExecArray
  readonly cluster: string
  readonly filled: ReadonlySet<string>
  readonly on: string
}

/** Each pattern matches a statement's head, up to and including the name; its rewriter parses the rest. */
const forms: ReadonlyArray<{ readonly pattern: RegExp, readonly rewrite: (found: Found) => ClusterStatements }> = [
  { pattern: /^\s*CREATE\s+DATABASE\s+IF\s+NOT\s+EXISTS\s+\w+(?=\s*(?:COMMENT\s+'x*'\s*)?$)/i, rewrite: atEveryServer },
  { pattern: /^\s*DROP\s+DATABASE\s+IF\s+EXISTS\s+\w+(?=\s*(?:SYNC\s*)?$)/i, rewrite: atEveryServer },
  { pattern: /^\s*CREATE\s+OR\s+REPLACE\s+VIEW\s+\w+\.\w+(?=\s)/i, rewrite: view },
  { pattern: /^\s*DROP\s+VIEW\s+IF\s+EXISTS\s+\w+\.\w+(?=\s*(?:SYNC\s*)?$)/i, rewrite: atEveryServer },
  { pattern: new RegExp(`^\\s*CREATE\\s+TABLE\\s+IF\\s+NOT\\s+EXISTS\\s+${name}(?=[\\s(])`, 'i'), rewrite: table },
  { pattern: new RegExp(`^\\s*DROP\\s+TABLE\\s+IF\\s+EXISTS\\s+${name}(?=\\s*(?:SYNC\\s*)?$)`, 'i'), rewrite: dropTable },
  { pattern: materializedViewHead, rewrite: materializedView },
  { pattern: /^\s*INSERT\s+INTO\s+\w+\.\w+(?=\s+SELECT\s)/i, rewrite: fill },
  { pattern: new RegExp(`^\\s*ALTER\\s+TABLE\\s+${name}(?=\\s)`, 'i'), rewrite: alter }
]

function atEveryServer ({ statement, match, on }: Found): ClusterStatements {
  return [match[0].trimStart() + on + statement.slice(match[0].length)]
}

/** Each shard fills its local table from its own rows: a materialized view never moves a row to another shard. */
function fill ({ statement, masked, match: [head] }: Found): ClusterStatements {
  if ([...masked.matchAll(/\b(?:FROM|JOIN)\s/gi)].length !== 1 || topLevel(masked, /\bSETTINGS\s/gi, head.length).length > 0) throw new Error('a table is filled from one other, without settings')
  return [`${statement.trimEnd()}\nSETTINGS parallel_distributed_insert_select = 2`]
}

function view ({ statement, masked, match, on }: Found): ClusterStatements {
  const head = match[0].length
  const comment = topLevel(masked, /\bCOMMENT\s+'x*'\s*$/gi, head)[0] ?? statement.length
  const text = match[0].trimStart() + on + statement.slice(head, comment).trimEnd()
  // On lines of their own: the query may end in a comment.
  const settings = (topLevel(masked, /\bSETTINGS\s/gi, head).length === 0 ? '\nSETTINGS ' : '\n, ') + viewSettings
  return [`${text}${settings}\n${statement.slice(comment)}`.trimEnd()]
}

function dropTable ({ match: [, database = '', table = ''], on }: Found): ClusterStatements {
  return [`DROP TABLE IF EXISTS ${database}.${table}${on} SYNC`, `DROP TABLE IF EXISTS ${database}.${table}_local${on} SYNC`]
}

function table ({ statement, masked, match, cluster, filled, on }: Found): ClusterStatements {
  const [head, database = '', name = ''] = match
  const clauses = tableClauses(masked, head.length)
  // Without a trailing comment, which would swallow the rest of the line.
  const part = ({ from, to }: Clause): string => statement.slice(from, from + masked.slice(from, to).trimEnd().length).trim()
  const { ENGINE: engine, 'ORDER BY': order, SETTINGS: settings, COMMENT: comment } = clauses
  if (engine === undefined || order === undefined) throw new Error(`${database}.${name} has no ENGINE or no ORDER BY`)
  const [, family = '', parameters = ''] = /^(\w+)\s*(?:\(([\s\S]*)\))?$/.exec(part(engine)) ?? []
  if (!engines.test(family)) throw new Error(`the engine of ${database}.${name} has no replicated form: ${part(engine)}`)
  const key = part(order).replace(/^\(([\s\S]*)\)$/, '$1')
  // Rows that replace each other must be on one shard; a constant key cannot tell which.
  if (key === '' || /^tuple\b/i.test(key)) throw new Error(`${database}.${name} needs a sorting key to be cut into shards by`)
  if (/\b(?:ASC|DESC)\b/i.test(masked.slice(order.from, order.to))) throw new Error(`${database}.${name} is cut into shards by its sorting key, which can have no direction`)
  const shardedBy = filled.has(`${database}.${name}`) ? 'rand()' : `cityHash64(${key})`

  const columns = statement.slice(head.length, engine.at)
  const keeper = [`'${replicaPath(cluster, database, name)}'`, "'{replica}'", ...(parameters.trim() === '' ? [] : [parameters])].join(', ')
  const ownSettings = settings === undefined ? [] : part(settings).split(',').map((one) => one.trim()).filter((one) => !one.startsWith('non_replicated_deduplication_window'))
  const kept = (['PARTITION BY', 'PRIMARY KEY', 'SAMPLE BY', 'TTL', 'ORDER BY'] as const)
    .flatMap((clause) => { const found = clauses[clause]; return found === undefined ? [] : [`${clause} ${part(found)}`] })
  const end = comment === undefined ? '' : `\nCOMMENT ${part(comment)}`
  return [
    [`CREATE TABLE IF NOT EXISTS ${database}.${name}_local${on}${columns.trimEnd()}`, `ENGINE = Replicated${family}(${keeper})`, ...kept, `SETTINGS ${[deduplication, ...ownSettings].join(', ')}`].join('\n') + end,
    `CREATE TABLE IF NOT EXISTS ${database}.${name}${on} AS ${database}.${name}_local\nENGINE = Distributed('${cluster}', '${database}', '${name}_local', ${shardedBy})${end}`
  ]
}

/** Fills the local table of each shard from the local one: no row leaves its shard. */
function materializedView ({ statement, masked, match, on }: Found): ClusterStatements {
  const [head, database = '', name = '', targetDatabase = '', target = ''] = match
  const [from, ...others] = [...masked.matchAll(/\b(?:FROM|JOIN)\s+/gi)]
  const source = from === undefined ? undefined : /^\w+\.\w+/.exec(masked.slice(from.index + from[0].length))?.[0]
  const end = from === undefined || source === undefined ? 0 : from.index + from[0].length + source.length
  const afterFrom = topLevel(masked, /\b(?:WHERE|PREWHERE|GROUP|HAVING|WINDOW|QUALIFY|ORDER|LIMIT|SETTINGS)\b/gi, end)[0] ?? masked.length
  const moreTables = topLevel(masked, /,/g, end).some((at) => at < afterFrom)
  if (end === 0 || others.length > 0 || moreTables || /\bIN(?:\s*\(\s*SELECT\b|\s*["`]|\s+\w)/i.test(masked)) {
    throw new Error(`${database}.${name} must read one table, named with its database, and nothing else`)
  }
  return [`CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.${name}${on} TO ${targetDatabase}.${target}_local${statement.slice(head.length, end)}_local${statement.slice(end)}`]
}

const ofBothTables = /^\s*(?:ADD|DROP|RENAME|MODIFY|COMMENT)\s+COLUMN\s|^\s*MODIFY\s+COMMENT\s/i
const ofLocalTable = /^\s*(?:(?:ADD|DROP|MATERIALIZE|CLEAR)\s+(?:INDEX|PROJECTION|STATISTICS)|MODIFY\s+(?:TTL|SETTING|ORDER\s+BY)|RESET\s+SETTING|REMOVE\s+TTL)\s/i

function alter ({ statement, masked, match, on }: Found): ClusterStatements {
  const [head, database = '', name = ''] = match
  const commas = topLevel(masked, /,/g, head.length)
  const bounds = [head.length, ...commas.map((at) => at + 1), masked.length]
  const actions = bounds.slice(0, -1).map((from, index) => ({ from, to: (bounds[index + 1] ?? 0) - (index < commas.length ? 1 : 0) }))
  const parts = actions.map(({ from, to }) => ({ text: statement.slice(from, to).trim(), masked: masked.slice(from, to) }))
  const unknown = parts.find((part) => !ofBothTables.test(part.masked) && !ofLocalTable.test(part.masked))
  if (unknown !== undefined) throw new Error(`"${unknown.text.slice(0, 60)}" has no form for a cluster`)
  const both = parts.filter((part) => ofBothTables.test(part.masked))
  const actionsOf = (chosen: typeof parts): string => chosen.map(({ text }) => text).join(', ')
  return [
    `ALTER TABLE ${database}.${name}_local${on} ${actionsOf(parts)}`,
    ...(both.length === 0 ? [] : [`ALTER TABLE ${database}.${name}${on} ${actionsOf(both)}`])
  ]
}

interface Clause {
  /** Where its keyword begins. */
  readonly at: number
  readonly from: number
  readonly to: number
}

const clauseNames = ['ENGINE', 'PARTITION BY', 'PRIMARY KEY', 'ORDER BY', 'SAMPLE BY', 'TTL', 'SETTINGS', 'COMMENT'] as const
type ClauseName = typeof clauseNames[number]

/** The clauses after the column list. Throws on anything in between, and on a repeated clause. */
function tableClauses (masked: string, from: number): Readonly<Partial<Record<ClauseName, Clause>>> {
  const closed = topLevel(masked, /\)/g, from, 1)[0] ?? -1
  const engine = closed < 0 ? null : /^\)\s*(?=ENGINE\s*=)/i.exec(masked.slice(closed))
  if (engine === null || !/^\s*\($/.test(masked.slice(from, masked.indexOf('(', from) + 1))) throw new Error('expected a list of columns, then ENGINE')
  if (topLevel(masked, /\bAS\b/gi, closed).length > 0) throw new Error('a table that is filled from a query has no form for a cluster')
  const keyword = new RegExp(`\\b(${clauseNames.map((clause) => clause.replace(' ', '\\s+')).join('|')})\\b(?:\\s*=)?`, 'gi')
  const found = topLevelMatches(masked, keyword, closed + 1)
  const clauses: Partial<Record<ClauseName, Clause>> = {}
  for (const [index, match] of found.entries()) {
    const clause = clauseNames.find((one) => one === match[1]?.toUpperCase().replace(/\s+/g, ' '))
    if (clause === undefined || clauses[clause] !== undefined) throw new Error(`the clause ${match[0]} comes twice`)
    clauses[clause] = { at: match.index, from: match.index + match[0].length, to: found[index + 1]?.index ?? masked.length }
  }
  return clauses
}

/** Positions of matches outside of all parentheses, or inside `depth` of them. */
function topLevel (masked: string, pattern: RegExp, from: number, depth = 0): readonly number[] {
  return topLevelMatches(masked, pattern, from, depth).map(({ index }) => index)
}

function topLevelMatches (masked: string, pattern: RegExp, from: number, depth = 0): readonly RegExpExecArray[] {
  const depths: number[] = []
  let open = 0
  for (const character of masked) {
    depths.push(...Array<number>(character.length).fill(open))
    if (character === '(') open++
    if (character === ')') open--
  }
  return [...masked.matchAll(pattern)].filter(({ index }) => index >= from && depths[index] === depth)
}
