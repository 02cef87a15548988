/** The URL of a server of ours for who is on this machine; brackets around IPv6, and the loopback where it listens on every address. */
export function localUrl (host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
