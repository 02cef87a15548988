import avsc from 'avsc'
import { AppError } from '../../runtime/errors.ts'
import type { InsertBlock, WarehouseSink } from '../../warehouse/warehouse-sink.ts'
import { warehouseErrors } from '../../warehouse/warehouse-errors.ts'

export interface Insert {
  readonly table: string
  readonly token: string
  readonly rows: ReadonlyArray<Record<string, unknown>>
}

/** A warehouse in memory that reads the containers as Avro's own reader does, and refuses blocks with a row that `refuse` names. */
export function memorySink (refuse: (row: Record<string, unknown>) => boolean = () => false): WarehouseSink & { readonly inserts: Insert[], attempts: number } {
  const inserts: Insert[] = []
  return {
    inserts,
    attempts: 0,
    async insert (block: InsertBlock) {
      this.attempts++
      const rows = await readContainer(block)
      if (rows.length !== block.rows) throw new Error(`expected ${block.rows} rows, got ${rows.length}`)
      if (rows.some(refuse)) throw new AppError(warehouseErrors.WAREHOUSE_REFUSED_DATA, 'ClickHouse refused the data: 53 TYPE_MISMATCH', { cause: new Error('cannot parse that') })
      inserts.push({ table: block.table, token: block.token, rows })
    }
  }
}

async function readContainer (block: InsertBlock): Promise<Array<Record<string, unknown>>> {
  const decoder = block.container().pipe(new avsc.streams.BlockDecoder())
  const rows: Array<Record<string, unknown>> = []
  for await (const row of decoder) rows.push({ ...row as Record<string, unknown> })
  return rows
}
