import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../../runtime/package-root.ts'

const run = promisify(execFile)
const pom = join(packageRoot, 'test/kafka/pom.xml')
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/** A folder with the jars of the Kafka that pom.xml names, fetched by Maven the first time. It is never half there, whoever fetches beside us. */
export async function fetchKafka (environment: NodeJS.ProcessEnv): Promise<string> {
  const version = /<kafka\.version>(.+)<\/kafka\.version>/.exec(await readFile(pom, 'utf8'))?.[1]
  if (version === undefined) throw new Error('expected kafka.version in test/kafka/pom.xml')
  const cache = join(packageRoot, 'node_modules/.cache/kafka')
  const folder = join(cache, version)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'fetching-'))
  try {
    await run('mvn', ['-q', '-B', '-f', pom, copyDependencies, `-DoutputDirectory=${fresh}`, '-DincludeScope=runtime'], { env: environment, timeout: 300_000 })
    await rename(fresh, folder)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // another run was faster
    if (!existsSync(folder)) throw error
  }
  return folder
}
