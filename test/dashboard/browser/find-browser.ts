import { existsSync } from 'node:fs'
import { join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

export type BrowserSource = { readonly kind: 'found', readonly path: string } | { readonly kind: 'none', readonly reason: string }

/** The Chromium of this system: CHROMIUM_PATH, or one by its usual names. */
export function findBrowser ({ CHROMIUM_PATH, PATH = '' }: NodeJS.ProcessEnv): BrowserSource {
  if (CHROMIUM_PATH !== undefined && CHROMIUM_PATH !== '') {
    return existsSync(CHROMIUM_PATH) ? { kind: 'found', path: CHROMIUM_PATH } : { kind: 'none', reason: `there is no CHROMIUM_PATH ${CHROMIUM_PATH}` }
  }
  const path = PATH.split(':').flatMap((folder) => names.map((name) => join(folder, name))).find((one) => existsSync(one))
  return path === undefined ? { kind: 'none', reason: 'there is no Chromium: install one (apt-get install chromium) or set CHROMIUM_PATH' } : { kind: 'found', path }
}

export type Verdict =
  | { readonly kind: 'run', readonly path: string }
  | { readonly kind: 'skip', readonly reason: string }
  | { readonly kind: 'fail', readonly reason: string }

/** No browser is a reason to skip, unless REQUIRE_BROWSER=1. */
export function judge (source: BrowserSource, environment: NodeJS.ProcessEnv): Verdict {
  if (source.kind === 'found') return { kind: 'run', path: source.path }
  return environment['REQUIRE_BROWSER'] === '1' ? { kind: 'fail', reason: `REQUIRE_BROWSER=1, but ${source.reason}` } : { kind: 'skip', reason: source.reason }
}
