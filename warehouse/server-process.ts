import { randomUUID } from 'node:crypto'
import type { ClickHouseClient } from './clickhouse-client.ts'
import { insertRow, selectRows } from './warehouse-tables.ts'

/**
 * Names the server process that will take an insert, by a random number that a table in its memory holds: a restart empties the table, so
 * another process has another name, whatever its clock says.
 *
 * Tokens need it. A MergeTree without replication writes a token down before the rows themselves are in place; where the server is killed in
 * between, it would take a repetition under the same token for rows that it has, and lose them. So tokens hold for one server process only.
 * A name too many costs no more than rows twice, which landing's keys make one.
 *
 * Two loaders that find the table empty at once add a name each; every name in it belongs to the process that answers.
 *
 * @param known The name that was found before: kept for as long as the table holds it.
 *
 * Rejects as `classifyClickHouseError` says.
 */
export async function serverProcess (client: ClickHouseClient, known: string | undefined): Promise<string> {
  const ids = await names(client)
  if (known !== undefined && ids.includes(known)) return known
  const [first] = ids
  if (first !== undefined) return first
  const id = randomUUID()
  await insertRow(client, 'landing.server_process', { id })
  return id
}

async function names (client: ClickHouseClient): Promise<readonly string[]> {
  return (await selectRows<{ id: string }>(client, 'SELECT toString(id) AS id FROM landing.server_process ORDER BY id')).map(({ id }) => id)
}
