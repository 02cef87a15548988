import { expect, test } from 'vitest'
import { clusterStatements } from '../../warehouse/cluster/cluster-statements.ts'
import { readMigrations, readViews } from '../../warehouse/migrations/migration-files.ts'
import { join } from 'node:path'
import { packageRoot } from '../../runtime/package-root.ts'

const on = 'ON CLUSTER `main`'
const window = 'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800'

test.each<[string, readonly string[]]>([
  ["CREATE DATABASE IF NOT EXISTS shop COMMENT 'it''s'", [`CREATE DATABASE IF NOT EXISTS shop ${on} COMMENT 'it''s'`]],
  ['DROP DATABASE IF EXISTS shop', [`DROP DATABASE IF EXISTS shop ${on}`]],
  [
    "-- what it is;\nCREATE TABLE IF NOT EXISTS shop.t\n(\n  id UUID COMMENT 'ENGINE = (',\n  n Decimal(18, 2), m UInt8 MATERIALIZED 1\n)\nENGINE = ReplacingMergeTree(m)\nPARTITION BY toYYYYMM(d)\nORDER BY (id, n)\nSETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1\nCOMMENT 'a; b'",
    [
      `CREATE TABLE IF NOT EXISTS shop.t_local ${on}\n(\n  id UUID COMMENT 'ENGINE = (',\n  n Decimal(18, 2), m UInt8 MATERIALIZED 1\n)\nENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/main/shop.t/{shard}', '{replica}', m)\nPARTITION BY toYYYYMM(d)\nORDER BY (id, n)\nSETTINGS ${window}, fsync_after_insert = 1\nCOMMENT 'a; b'`,
      `CREATE TABLE IF NOT EXISTS shop.t ${on} AS shop.t_local\nENGINE = Distributed('main', 'shop', 't_local', cityHash64(id, n))\nCOMMENT 'a; b'`
    ]
  ],
  [
    'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = MergeTree ORDER BY a',
    [
      `CREATE TABLE IF NOT EXISTS shop.t_local ${on} (a UInt8)\nENGINE = ReplicatedMergeTree('/clickhouse/tables/main/shop.t/{shard}', '{replica}')\nORDER BY a\nSETTINGS ${window}`,
      `CREATE TABLE IF NOT EXISTS shop.t ${on} AS shop.t_local\nENGINE = Distributed('main', 'shop', 't_local', cityHash64(a))`
    ]
  ],
  [
    'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.sums AS SELECT a FROM shop.t AS t GROUP BY a',
    [`CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m ${on} TO shop.sums_local AS SELECT a FROM shop.t_local AS t GROUP BY a`]
  ],
  ['CREATE OR REPLACE VIEW shop.v AS SELECT 1 FROM shop.t FINAL', [`CREATE OR REPLACE VIEW shop.v ${on} AS SELECT 1 FROM shop.t FINAL\nSETTINGS distributed_product_mode = 'global'`]],
  [
    'CREATE OR REPLACE VIEW shop.v DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT (SELECT 1 SETTINGS a = 1) SETTINGS join_use_nulls = 0',
    [`CREATE OR REPLACE VIEW shop.v ${on} DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT (SELECT 1 SETTINGS a = 1) SETTINGS join_use_nulls = 0\n, distributed_product_mode = 'global'`]
  ],
  [
    'CREATE OR REPLACE VIEW shop.v AS SELECT a FROM shop.t SETTINGS join_use_nulls = 0 -- as ever',
    [`CREATE OR REPLACE VIEW shop.v ${on} AS SELECT a FROM shop.t SETTINGS join_use_nulls = 0 -- as ever\n, distributed_product_mode = 'global'`]
  ],
  [
    'CREATE OR REPLACE VIEW shop.v AS SELECT a AS `in SETTINGS now` FROM shop.t',
    [`CREATE OR REPLACE VIEW shop.v ${on} AS SELECT a AS \`in SETTINGS now\` FROM shop.t\nSETTINGS distributed_product_mode = 'global'`]
  ],
  [
    'CREATE TABLE IF NOT EXISTS shop.t (`a) ENGINE = (` UInt8) ENGINE = MergeTree ORDER BY `a) ENGINE = (` -- it; alone',
    [
      `CREATE TABLE IF NOT EXISTS shop.t_local ${on} (\`a) ENGINE = (\` UInt8)\nENGINE = ReplicatedMergeTree('/clickhouse/tables/main/shop.t/{shard}', '{replica}')\nORDER BY \`a) ENGINE = (\`\nSETTINGS ${window}`,
      `CREATE TABLE IF NOT EXISTS shop.t ${on} AS shop.t_local\nENGINE = Distributed('main', 'shop', 't_local', cityHash64(\`a) ENGINE = (\`))`
    ]
  ],
  [
    'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.sums AS SELECT a, b FROM shop.t WHERE a IN (1, 2) GROUP BY a, b',
    [`CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m ${on} TO shop.sums_local AS SELECT a, b FROM shop.t_local WHERE a IN (1, 2) GROUP BY a, b`]
  ],
  ['INSERT INTO shop.t SELECT a FROM shop.u AS u WHERE a > 1', ['INSERT INTO shop.t SELECT a FROM shop.u AS u WHERE a > 1\nSETTINGS parallel_distributed_insert_select = 2']],
  ['DROP VIEW IF EXISTS shop.v', [`DROP VIEW IF EXISTS shop.v ${on}`]],
  ['DROP TABLE IF EXISTS shop.t', [`DROP TABLE IF EXISTS shop.t ${on} SYNC`, `DROP TABLE IF EXISTS shop.t_local ${on} SYNC`]],
  [
    'ALTER TABLE shop.t ADD COLUMN IF NOT EXISTS n Decimal(18, 2), MODIFY TTL d + INTERVAL 1 DAY, COMMENT COLUMN n \'a, b\'',
    [
      `ALTER TABLE shop.t_local ${on} ADD COLUMN IF NOT EXISTS n Decimal(18, 2), MODIFY TTL d + INTERVAL 1 DAY, COMMENT COLUMN n 'a, b'`,
      `ALTER TABLE shop.t ${on} ADD COLUMN IF NOT EXISTS n Decimal(18, 2), COMMENT COLUMN n 'a, b'`
    ]
  ],
  ['ALTER TABLE shop.t MODIFY SETTING fsync_after_insert = 1', [`ALTER TABLE shop.t_local ${on} MODIFY SETTING fsync_after_insert = 1`]]
])('%s', (statement, expected) => {
  expect(clusterStatements(statement, 'main')).toEqual(expected)
})

test.each([
  'SELECT 1',
  'INSERT INTO shop.t VALUES (1)',
  'INSERT INTO shop.t SELECT a FROM shop.u JOIN shop.v USING a',
  'INSERT INTO shop.t SELECT a FROM shop.u SETTINGS max_threads = 1',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.r REFRESH EVERY 5 SECOND TO shop.sums AS SELECT * FROM shop.due',
  'CREATE TABLE shop.t (a UInt8) ENGINE = MergeTree ORDER BY a',
  'CREATE TABLE IF NOT EXISTS t (a UInt8) ENGINE = MergeTree ORDER BY a',
  'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = Log',
  'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = MergeTree ORDER BY tuple()',
  'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = ReplicatedMergeTree ORDER BY a',
  'CREATE TABLE IF NOT EXISTS shop.t ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a',
  'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a',
  'CREATE TABLE IF NOT EXISTS shop.t ON CLUSTER c (a UInt8) ENGINE = MergeTree ORDER BY a',
  'CREATE DATABASE IF NOT EXISTS shop ENGINE = Atomic',
  'CREATE VIEW shop.v AS SELECT 1',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m ENGINE = MergeTree ORDER BY a AS SELECT a FROM shop.t',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM shop.t JOIN shop.u USING a',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM (SELECT a FROM shop.t)',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM t',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM shop.t, shop.u',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM shop.t AS t, shop.u WHERE a = 1',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM shop.t WHERE a IN shop.u',
  'CREATE MATERIALIZED VIEW IF NOT EXISTS shop.m TO shop.s AS SELECT a FROM shop.t WHERE a IN `shop`.`u`',
  'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = MergeTree ORDER BY a DESC',
  'CREATE TABLE IF NOT EXISTS shop.t (a UInt8) ENGINE = MergeTree ORDER BY (b, a DESC)',
  'ALTER TABLE shop.t DELETE WHERE 1',
  'ALTER TABLE shop.t ADD COLUMN a UInt8, UPDATE a = 1 WHERE 1',
  'DROP TABLE shop.t',
  'RENAME TABLE shop.t TO shop.u',
  'TRUNCATE TABLE shop.t'
])('refuses rather than guess: %s', (statement) => {
  expect(() => clusterStatements(statement, 'main')).toThrow()
})

test('the distributed table of what materialized views fill claims no key: equal rows lie where their source lies', async () => {
  const migrations = await readMigrations(join(packageRoot, 'sql'), 'main')
  const distributed = migrations.flatMap(({ statements }) => statements).filter((statement) => statement.includes('ENGINE = Distributed'))
  const random = distributed.filter((statement) => statement.includes(', rand())')).map((statement) => /EXISTS (\S+)/.exec(statement)?.[1])
  expect(random).toEqual(['identifier_sets', 'netcore_identities', 'coin_facts', 'order_facts', 'activity_facts', 'identity_links', 'source_arrivals'].map((table) => `landing.${table}`))
  expect(distributed.filter((statement) => statement.includes(', cityHash64('))).toHaveLength(distributed.length - random.length)
})

test('has a form for every statement of this project, from the files as they are', async () => {
  const root = join(packageRoot, 'sql')
  for (const files of [await readMigrations(root, 'main'), await readViews(root, 'main')]) {
    for (const { statements } of files) for (const statement of statements) expect(statement).toMatch(/^INSERT/m.test(statement) ? /parallel_distributed_insert_select = 2$/ : / ON CLUSTER `main`/)
  }
  const [alone, spread] = [await readMigrations(root), await readMigrations(root, 'main')]
  expect(spread.map(({ checksum }) => checksum)).toEqual(alone.map(({ checksum }) => checksum))
})
