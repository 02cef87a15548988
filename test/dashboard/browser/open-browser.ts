import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

/** No request of its own to anybody, and a profile that is new each time (Playwright's). */
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export async function openBrowser (executablePath: string): Promise<Browser> {
  return await chromium.launch({ executablePath, args: flags })
}

export interface WatchedPage {
  readonly page: Page
  /** Requests to another host, errors in the console, exceptions; but for answers that are errors, which the console tells as well. */
  readonly problems: string[]
  close (): Promise<void>
}

/** A page in a context of its own. Whatever a good page never does is noted. */
export async function openPage (browser: Browser, origin: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-IN', timezoneId: 'Asia/Kolkata', baseURL: origin, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const problems: string[] = []
  page.on('request', (request) => { if (new URL(request.url()).origin !== origin) problems.push(`request to ${request.url()}`) })
  page.on('pageerror', (error) => { problems.push(`exception ${error.message}`) })
  page.on('console', (message) => {
    if ((message.type() === 'error' || message.type() === 'warning') && !message.text().startsWith('Failed to load resource')) problems.push(`console ${message.text()}`)
  })
  return { page, problems, close: async () => { await context.close() } }
}

/** Opens a tab and waits until nothing on it is loading any more. */
export async function openTab (page: Page, search: string): Promise<void> {
  await page.goto(`/${search}`)
  await settled(page)
}

export async function settled (page: Page): Promise<void> {
  await page.locator('.card').first().waitFor()
  await page.locator('#panel[aria-busy="false"]').waitFor()
  await page.locator('[data-state="loading"]').first().waitFor({ state: 'detached' })
}

/** The state of each card by the name of its query: data, empty or error. */
export async function states (page: Page): Promise<Record<string, string>> {
  const cards = await page.locator('.card').all()
  return Object.fromEntries(await Promise.all(cards.map(async (card) => [await card.getAttribute('data-query') ?? '', await card.getAttribute('data-state') ?? ''] as const)))
}
