import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { packageRoot } from '../../runtime/package-root.ts'

const run = promisify(execFile)

/** Apicurio Registry, which speaks the API of Confluent's, in memory. From Maven Central, where Confluent's own is not. */
const version = '3.0.9'
const jar = `apicurio-registry-app-${version}-runner.jar`
/** Of its Confluent API. */
const apiPath = '/apis/ccompat/v7'

export type RegistrySource =
  | { readonly kind: 'folder', readonly folder: string }
  | { readonly kind: 'none', readonly reason: string }

/** Where the registry's program is, fetched by Maven the first time; or why it cannot be had. */
export async function findRegistry (): Promise<RegistrySource> {
  try {
    await run('java', ['-version'])
    return { kind: 'folder', folder: await fetchRegistry() }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { kind: 'none', reason: `there is no schema registry to test with: it needs a JDK of 17 or later, Maven (mvn) that reaches Maven Central, and tar: ${text.replaceAll(/\s+/g, ' ').slice(0, 300)}` }
  }
}

/** It is never half there, whoever fetches beside us. */
async function fetchRegistry (): Promise<string> {
  const cache = join(packageRoot, 'node_modules/.cache/registry')
  const folder = join(cache, version)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'fetching-'))
  const archive = join(fresh, 'registry.tar.gz')
  try {
    // 2.8 copies an artifact whose parent is not published too
    await run('mvn', ['-q', '-B', 'org.apache.maven.plugins:maven-dependency-plugin:2.8:get', `-Dartifact=io.apicurio:apicurio-registry-app:${version}:tar.gz:all`, '-Dtransitive=false', `-Ddest=${archive}`], { timeout: 300_000 })
    await run('tar', ['-xzf', archive, '-C', fresh])
    await rm(archive)
    await rename(fresh, folder)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // another run was faster
    if (!existsSync(folder)) throw error
  }
  return folder
}

export interface RealRegistry {
  readonly url: string
  stop (): Promise<void>
}

export async function startRealRegistry (folder: string): Promise<RealRegistry> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}${apiPath}`
  // The shell's input ends when our process does, however that ends, and the registry with it.
  const shell = spawn('sh', ['-c', '"$@" & cat; kill -KILL $!', 'sh', 'java', '-Xmx256m', '-jar', jar], {
    cwd: folder,
    env: { ...process.env, QUARKUS_HTTP_HOST: '127.0.0.1', QUARKUS_HTTP_PORT: String(port) },
    stdio: ['pipe', 'pipe', 'inherit']
  })
  let output = ''
  shell.stdout.setEncoding('utf8').on('data', (text: string) => { output = (output + text).slice(-2000) })
  const stop = async (): Promise<void> => {
    const ended = once(shell, 'exit')
    shell.stdin.end()
    await ended
  }
  for (let waited = 0; waited < 50_000; waited += 200) {
    if (await answers(`${url}/subjects`)) return { url, stop }
    await sleep(200)
  }
  await stop()
  throw new Error(`expected the registry to answer within a minute, got: ${output}`)
}

async function answers (url: string): Promise<boolean> {
  return await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(({ ok }) => ok, () => false)
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
