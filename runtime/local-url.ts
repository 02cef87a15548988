/** URL of a local server: brackets around IPv6, and loopback if it listens on every address. */
export function localUrl (host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
