import { declareErrors } from '../runtime/errors.ts'

export const warehouseErrors = declareErrors({
  WAREHOUSE_REFUSED_DATA: { retryable: false, meaning: 'dead letter: ClickHouse refuses the record by itself' },
  WAREHOUSE_UNAVAILABLE: { retryable: true, status: 503, meaning: 'ClickHouse cannot be reached, or cannot work now: waits and tries again' },
  WAREHOUSE_UNSUITABLE: { retryable: false, meaning: 'the server lacks something: the message says what, and how to mend it' },
  EMBEDDED_WAREHOUSE_UNSUPPORTED: { retryable: false, meaning: 'there is no embedded ClickHouse for this platform: set CLICKHOUSE_URL' },
  EMBEDDED_WAREHOUSE_FAILED: { retryable: true, meaning: 'the embedded ClickHouse does not start: the message has its last words' },
  MIGRATION_CHANGED: { retryable: false, meaning: 'an applied migration is not the one of this version: put it back' },
  MIGRATION_FAILED: { retryable: false, meaning: 'a migration failed: the message has its statement' },
  QUERY_LIMIT_EXCEEDED: { retryable: false, status: 503, meaning: 'a query of the page took more time or memory than user bi may use' },
  QUERY_FAILED: { retryable: false, status: 500, meaning: 'a query of the page failed' },
  READER_REFUSED: { retryable: false, status: 503, meaning: 'ClickHouse refuses user bi: compare BI_PASSWORD' },
  VIEWS_MISSING: { retryable: true, status: 503, meaning: 'the views are not there yet: the role load makes them' }
})
