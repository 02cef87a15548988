import { avroSchema } from '../define/avro-schema.ts'
import { addLandingColumns, createLandingTable } from '../define/landing-table.ts'
import type { RecordDefinition } from '../define/record.ts'
import { records } from '../records.ts'

const notice = '-- Generated from schemas/ by `npm run schemas`.'

const landingHead = `${notice}
-- What arrived: one table an Avro record of schemas/, filled by the load stage.
--
-- Engine. The pipeline delivers at least once: a stage that dies between its write and its acknowledgement repeats the
-- write, and vendors repeat webhooks. ReplacingMergeTree keeps one row a sorting key: that of the webhook that arrived first, so
-- that a repetition moves nothing, not even the time of an event that carries none; and of equals the one loaded last, so that
-- what is transformed again from the same raw webhook replaces its earlier self. Until a merge has done so all are there: read
-- with FINAL. Of raw webhooks, receipts and dead letters the last stays.
--
-- Sorting key. It ends with the id of the event and holds nothing that depends on CONFIG_FILE: after a time zone was
-- corrected and events were replayed, occurred_at and day of an event are others, but its key is the same.
-- The columns before it are what queries ask by: the record of the business, or the kind and time of an activity.
--
-- Partitions. Records of a business key are few and stay in one partition: a twin that arrives next month must meet its
-- twin in a merge. Activities grow without end and are cut by year of the vendor's own time (yy of yyMMddHHmmss), raw webhooks
-- and receipts by month of arrival: neither is changed by a repetition. A year, as a batch may hold activities of any time, and
-- ClickHouse refuses an insert into more than 100 partitions.
--
-- Settings. non_replicated_deduplication_window makes an insert with a known deduplication token add nothing (a lost answer
-- is repeated under the same token). fsync: the log is trimmed once a row is loaded, so by then it must be on the disk.

CREATE DATABASE IF NOT EXISTS landing COMMENT 'What arrived, a table an Avro record';

CREATE DATABASE IF NOT EXISTS analytics COMMENT 'For people and BI tools: right at any moment, no e-mail, mobile or name in clear';

CREATE DATABASE IF NOT EXISTS contacts COMMENT 'For those who must reach a person: user crm only';
`

/** Every file that is made from the definitions of the records: its content by its path in the project. */
export function generatedFiles (definitions: readonly RecordDefinition[] = Object.values(records)): ReadonlyMap<string, string> {
  return new Map([
    ...definitions.map((definition) => [`schemas/${definition.name}.avsc`, avroText(definition)] as const),
    ['sql/migrations/001_landing.sql', [landingHead, ...definitions.map((definition) => `${createLandingTable(definition)}\n`)].join('\n')],
    ...migrationsOf(definitions).map((migration) => [
      `sql/migrations/${String(migration).padStart(3, '0')}_landing_columns.sql`,
      [notice, ...definitions.flatMap((definition) => addLandingColumns(definition, migration))].join('\n\n') + '\n'
    ] as const)
  ])
}

/** The numbers of the migrations that add fields. */
function migrationsOf (definitions: readonly RecordDefinition[]): readonly number[] {
  const numbers = definitions.flatMap(({ fields }) => Object.values(fields).flatMap(({ addedIn }) => addedIn ?? []))
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/** The schema as JSON, a line a field. */
function avroText (definition: RecordDefinition): string {
  const { fields, ...head } = avroSchema(definition) as unknown as { readonly fields: readonly unknown[] }
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`)
  return ['{', ...lines, '  "fields": [', fields.map((field) => `    ${JSON.stringify(field)}`).join(',\n'), '  ]', '}', ''].join('\n')
}
