import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../runtime/package-root.ts'
import { settingsSchema } from '../../config/settings.ts'
import { read } from './compose-file.ts'

const lines = read('Dockerfile').replaceAll(/^#.*\n/gm, '').replaceAll('\\\n', ' ').split('\n').map((line) => line.trim()).filter((line) => line !== '')
const having = (instruction: string): readonly string[] => lines.filter((line) => line.startsWith(`${instruction} `)).map((line) => line.slice(instruction.length + 1))
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
const settings = settingsSchema.parse({})
const { files, bin, engines } = JSON.parse(read('package.json')) as { files: string[], bin: Record<string, string>, engines: { node: string } }

test('the base is pinned, the same in both stages, and a Node that package.json takes', () => {
  const bases = having('FROM').map((from) => from.split(' ')[0])
  expect(bases).toHaveLength(2)
  expect(new Set(bases).size).toBe(1)
  const [, major = '', minor = ''] = /^node:(\d+)\.(\d+)\.\d+-bookworm-slim$/.exec(bases[0] ?? '') ?? []
  const [, least = ''] = /^>=(\d+)/.exec(engines.node) ?? []
  expect(Number(major)).toBeGreaterThanOrEqual(Number(least))
  expect(minor).not.toBe('')
})

test('what is copied exists and passes .dockerignore', () => {
  const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(read('.dockerignore')).toMatch(/^\*$/m)
  for (const path of allowed) expect(existsSync(join(packageRoot, path)), path).toBe(true)
  for (const copy of having('COPY').filter((one) => !one.startsWith('--from'))) {
    for (const from of copy.split(' ').slice(0, -1).filter((path) => path !== '.')) expect(allowed).toContain(from)
  }
})

test('.dockerignore lets everything in that is built and released, and no secret', () => {
  const ignore = read('.dockerignore').split('\n')
  const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] }
  expect(ignore).toEqual(expect.arrayContaining([...include, 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map((path) => `!${path}`)))
  for (const path of files.filter((file) => file !== 'dist' && !file.startsWith('!'))) expect(ignore).toContain(`!${path.split('/')[0]}`)
  expect(ignore).toEqual(expect.arrayContaining(['**/.env*', '**/loyalty.config.json']))
})

test('the image holds what package.json releases: npm pack decides, and the entry point is the released command', () => {
  expect(having('RUN').join(' ')).toMatch(/npm ci --ignore-scripts.*npm run build.*npm prune --omit=dev.*npm pack.*-C \/release/)
  expect(last).toContain('COPY --from=build /release ./')
  expect(last.filter((line) => line.startsWith('COPY'))).toHaveLength(1)
  expect(last).toContain(`ENTRYPOINT ["node", "${bin['loyalty-warehouse']}"]`)
  expect(last).toContain('CMD ["start"]')
})

test('it runs as a user who is not root and owns the data folder', () => {
  expect(last.filter((line) => line.startsWith('USER'))).toEqual(['USER node'])
  expect(last.join('\n')).toMatch(/-o node [^\n]*\/data\n[^]*USER node\nVOLUME \/data/)
  expect(last.join(' ')).toMatch(/DATA_DIR=\/data /)
})

test('ports and health check are those of the settings', () => {
  expect(last).toContain(`EXPOSE ${settings.HTTP_PORT} ${settings.ADMIN_PORT}`)
  expect(last.find((line) => line.startsWith('HEALTHCHECK'))).toContain(`ADMIN_PORT || ${settings.ADMIN_PORT}}/livez`)
})
