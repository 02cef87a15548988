import neostandard from 'neostandard'
import tseslint from 'typescript-eslint'

/** Folders that a folder may import from, besides itself; `*` is any. The stages meet only in schemas/ and the ports. */
const mayImport = {
  ingest: ['vendors', 'schemas', 'config', 'runtime', 'log/*.ts'],
  transform: ['vendors', 'schemas', 'config', 'runtime', 'log/*.ts'],
  load: ['schemas', 'config', 'runtime', 'log/*.ts', 'warehouse/warehouse-sink.ts', 'warehouse/warehouse-errors.ts'],
  figures: ['schemas', 'config', 'runtime', 'log/*.ts', 'warehouse/change-ledger.ts', 'warehouse/figure-statements.ts', 'warehouse/identity-store.ts'],
  vendors: ['schemas', 'config', 'runtime'],
  schemas: ['runtime'],
  config: ['runtime'],
  log: ['runtime'],
  'log/confluent': ['schemas', 'config', 'runtime'],
  warehouse: ['config', 'runtime'],
  dashboard: ['config', 'runtime', 'warehouse/analytics-reader.ts', 'warehouse/warehouse-errors.ts'],
  'dashboard/page': [],
  runtime: [],
  simulator: ['schemas', 'config', 'runtime'],
  // arguments in, app called
  cli: ['app', 'simulator', 'config', 'runtime']
}
const folders = ['app', 'cli', 'config', 'vendors', 'ingest', 'transform', 'load', 'figures', 'schemas', 'log', 'warehouse', 'dashboard', 'simulator', 'runtime', 'test', 'bench']

/** Packages that only an adapter may import, and the folders that are adapters. */
const adapters = {
  lmdb: ['log/embedded'],
  '@clickhouse/client': ['warehouse'],
  chdb: ['warehouse/embedded'],
  'ffi-rs': ['warehouse/embedded'],
  kafkajs: ['log/kafka', 'test/kafka', 'test/log/kafka'],
  '@kafkajs/confluent-schema-registry': ['log/confluent', 'test'],
  fastify: ['ingest', 'app', 'dashboard/server', 'bench', 'test/dashboard'],
  uplot: ['dashboard/page'],
  'playwright-core': ['test/dashboard']
}

const isWithin = (folder, owner) => folder === owner || folder.startsWith(`${owner}/`)

/** The adapter packages that a folder may not import. */
const packagePatterns = (folder) => Object.entries(adapters)
  .filter(([, owners]) => !owners.some((owner) => isWithin(folder, owner)))
  .map(([name, owners]) => ({ group: [name, `${name}/*`], message: `Only ${owners.join(', ')} may import ${name}.` }))

/** Folders with adapters in them have rules of their own; ESLint takes the last that fits a file. */
const ruled = [...folders, 'log/confluent', 'log/embedded', 'log/kafka', 'warehouse/embedded', 'dashboard/page', 'dashboard/server', 'test/dashboard', 'test/kafka', 'test/log/kafka']

const dependencyRules = ruled.map((folder) => {
  const top = folder.split('/')[0]
  const allowed = mayImport[folder] ?? mayImport[top]
  const others = allowed === undefined
    ? []
    : [{
        // gitignore syntax: everything in the other folders, but for what is allowed
        group: [
          ...folders.filter((other) => other !== top).map((other) => `**/../${other}/**`),
          ...allowed.map((path) => `!**/../${path.includes('.') ? path : `${path}/**`}`)
        ],
        message: `${folder}/ may import from ${['itself', ...allowed].join(', ')} only.`
      }]
  return {
    files: [`${folder}/**/*.ts`, `${folder}/**/*.js`],
    rules: { 'no-restricted-imports': ['error', { patterns: [...others, ...packagePatterns(folder)] }] }
  }
})

export default [
  { ignores: ['dist/', 'data/', 'node_modules/', 'coverage/'] },
  ...neostandard({ ts: true }),
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', prefer: 'type-imports' }],
      '@typescript-eslint/require-await': 'off',
      // a promise that is meant to run by itself is marked with void
      'no-void': ['error', { allowAsStatement: true }],
      // columns of Avro and ClickHouse have their own case
      camelcase: 'off',
      '@stylistic/object-property-newline': 'off',
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of literals, as const.' }]
    }
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      // texts such as ${NAME} are what CONFIG_FILE holds
      'no-template-curly-in-string': 'off'
    }
  },
  ...dependencyRules
]
