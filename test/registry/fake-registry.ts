import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a route answers in place of what it would; undefined for nothing else, 'silence' for no answer at all. */
export type Fault = (request: string, body: string) => { readonly status: number, readonly body: unknown } | 'silence' | undefined

/** The routes of a Confluent schema registry that are used here, in memory. It checks no compatibility: that is for a real one. */
export interface FakeRegistry {
  readonly url: string
  /** `METHOD /path` of every request, in order. */
  readonly requests: readonly string[]
  readonly authorizations: ReadonlySet<string | undefined>
  /** Schemas by subject, in order of registration. */
  readonly subjects: ReadonlyMap<string, readonly string[]>
  /** The compatibility of subjects; may be set beforehand. */
  readonly levels: Map<string, string>
  /** Puts a schema in under no subject, as somebody else's would be. */
  add (schema: string, schemaType?: string): number
  /** From now on asked first; undefined ends it. */
  fail (fault: Fault | undefined): void
  close (): Promise<void>
}

export async function startFakeRegistry (): Promise<FakeRegistry> {
  const requests: string[] = []
  const authorizations = new Set<string | undefined>()
  const subjects = new Map<string, string[]>()
  const levels = new Map<string, string>()
  const schemas: Array<{ schema: string, schemaType?: string }> = []
  let fault: Fault | undefined

  function add (schema: string, schemaType?: string): number {
    const known = schemas.findIndex((one) => one.schema === schema)
    if (known >= 0) return firstId + known
    return firstId - 1 + schemas.push({ schema, ...(schemaType === undefined ? {} : { schemaType }) })
  }

  function route (method: string, path: string, body: string): { readonly status: number, readonly body: unknown } {
    const [, kind, name = '', last = ''] = /^\/(config|subjects|schemas)\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? []
    const key = decodeURIComponent(name)
    if (kind === 'config' && method === 'GET') {
      const level = levels.get(key)
      return level === undefined ? notFound(40408) : { status: 200, body: { compatibilityLevel: level } }
    }
    if (kind === 'config' && method === 'PUT') {
      const { compatibility } = JSON.parse(body) as { compatibility: string }
      levels.set(key, compatibility)
      return { status: 200, body: { compatibility } }
    }
    if (kind === 'subjects' && method === 'POST' && last === 'versions') {
      const { schema } = JSON.parse(body) as { schema: string }
      const versions = subjects.get(key) ?? []
      subjects.set(key, versions)
      if (!versions.includes(schema)) versions.push(schema)
      return { status: 200, body: { id: add(schema) } }
    }
    if (kind === 'schemas' && method === 'GET' && name === 'ids') {
      const found = schemas[Number(last) - firstId]
      return found === undefined ? notFound(40403) : { status: 200, body: found }
    }
    return notFound(404)
  }

  async function answer (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`
    requests.push(line)
    authorizations.add(request.headers.authorization)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { status, body: reply } = await Promise.resolve(fault?.(line, body) ?? route(request.method ?? '', request.url ?? '', body)).then((one) => one === 'silence' ? new Promise<never>(() => {}) : one)
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
    response.end(typeof reply === 'string' ? reply : JSON.stringify(reply))
  }

  const server = createServer((request, response) => { void answer(request, response) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    authorizations,
    subjects,
    levels,
    add,
    fail (next) { fault = next },
    async close () {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

/** Large enough that every byte of an id is seen to count. */
const firstId = 0x01020304

function notFound (code: number): { readonly status: number, readonly body: unknown } {
  return { status: 404, body: { error_code: code, message: 'not found' } }
}
