import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { readDashboardQueries, tabs } from '../../../dashboard/server/dashboard-queries.ts'
import { sendNector } from '../../e2e/pipeline-process.ts'
import { openBrowser, openPage, openTab, settled, states, type WatchedPage } from './open-browser.ts'
import { describeWithBrowser } from './require-browser.ts'
import { simulatedDashboard, type SimulatedDashboard } from './simulated-dashboard.ts'

const queries = readDashboardQueries()
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds that hinders people. */
async function violations (page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return await page.evaluate<string[]>(`axe.run().then(({ violations }) => violations
    .map(({ id, impact, nodes }) => impact + ' ' + id + ': ' + nodes.map(({ html }) => html.slice(0, 150)).join(' | ')))`)
}

describeWithBrowser('the dashboard in Chromium', (executablePath) => {
  let browser: Browser
  let shop: SimulatedDashboard
  let watched: WatchedPage | undefined

  beforeAll(async () => {
    [browser, shop] = await Promise.all([openBrowser(executablePath), simulatedDashboard(4_000)])
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.stop()
  })
  afterEach(async () => {
    const problems = watched?.problems ?? []
    await watched?.close()
    watched = undefined
    // in whichever test: no request left this host, nothing failed unseen
    expect(problems).toEqual([])
  })

  async function visit (search: string, options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
    watched = await openPage(browser, shop.origin, options)
    await openTab(watched.page, search)
    return watched.page
  }

  test.each(tabs)('%s: every chart, figure and table has data', async (tab) => {
    const page = await visit(`?tab=${tab}`)
    // the shop has one currency: what most shops have nothing of is left out
    expect(await states(page)).toEqual(Object.fromEntries(queries.filter((query) => query.tab === tab).map(({ name, hiddenWhenEmpty }) => [name, hiddenWhenEmpty ? 'empty' : 'data'])))
    for (const { name, chart, hiddenWhenEmpty } of queries.filter((query) => query.tab === tab)) {
      const card = page.locator(`[data-query="${name}"]`)
      expect(await card.isVisible(), name).toBe(!hiddenWhenEmpty)
      if (hiddenWhenEmpty) continue
      if (chart === 'number') expect((await card.locator('dd').allInnerTexts()).every((text) => /\d/.test(text)), name).toBe(true)
      else if (chart === 'table') expect(await card.locator('tbody tr').count(), name).toBeGreaterThan(0)
      else {
        expect(await card.locator('canvas, .bars li').count(), name).toBeGreaterThan(0)
        await card.locator('summary').click()
        expect(await card.locator('tbody tr').count(), name).toBeGreaterThan(0)
      }
    }
  })

  test('a card says what of its figures is still to be worked out, and no longer once it is', async () => {
    let pending = 41
    watched = await openPage(browser, shop.origin)
    const { page } = watched
    await page.route('**/api/queries/health_figures*', async (route) => {
      const columns = [['figure', 'String'], ['complete_until', 'DateTime64(3)'], ['pending', 'UInt64'], ['pending_since', 'DateTime64(3)']].map(([name, type]) => ({ name, type }))
      await route.fulfill({ json: { columns, rows: [['coins', '2026-06-30 06:33:20.000', String(pending), '2026-06-30 06:33:21.000']] } })
    })
    await openTab(page, '?tab=overview')
    const textOf = (query: string) => page.locator(`[data-query="${query}"] .pending`)
    await textOf('overview_coins').waitFor()
    expect(await textOf('overview_coins').innerText()).toMatch(/^Complete up to .*2026.*; 41 still to be worked out\.$/)
    expect(await textOf('overview_orders').isVisible()).toBe(false)
    pending = 0
    await textOf('overview_coins').waitFor({ state: 'hidden' })
  })

  test.each(tabs)('%s: axe finds nothing in light or dark, and a phone needs no scrolling sideways', async (tab) => {
    const page = await visit(`?tab=${tab}`)
    for (const summary of await page.locator('summary:visible').all()) await summary.click()
    expect(await violations(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await violations(page)).toEqual([])
    await page.setViewportSize({ width: 375, height: 700 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375)
  })

  test('what is chosen is in the URL, survives a reload, and Back undoes it', async () => {
    const page = await visit('')
    expect(page.url()).toBe(`${shop.origin}/?tab=overview&business=acme&funnel=purchase&period=30d`)
    await page.getByRole('tab', { name: 'Coins' }).click()
    await page.getByRole('combobox', { name: 'Period' }).selectOption('From … to …')
    await page.getByLabel('From', { exact: true }).fill('2020-01-01')
    await page.getByLabel('To', { exact: true }).fill('2020-01-31')
    await page.waitForURL('**/?tab=coins&business=acme&funnel=purchase&from=2020-01-01&to=2020-01-31')
    await page.reload()
    await settled(page)
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Coins')
    expect(await page.getByLabel('To', { exact: true }).inputValue()).toBe('2020-01-31')
    // nothing was there then: the page says what to do
    expect((await states(page))['coins_by_day']).toBe('empty')
    expect(await page.locator('[data-query="coins_by_day"] .empty').innerText()).toMatch(/Choose a longer one, or send webhooks to \/webhooks\/nector\/acme-nector; npm run simulate/)
    // to, from, own period, tab
    for (let step = 0; step < 4; step++) await page.goBack()
    await page.getByRole('tab', { name: 'Overview', selected: true }).waitFor()
    expect(await page.getByRole('combobox', { name: 'Period' }).inputValue()).toBe('30d')
  })

  test('while another period is asked for, no figure of the one before is in view', async () => {
    const page = await visit('?tab=coins')
    expect(await page.locator('[data-query="coins_totals"] dd').count()).toBeGreaterThan(0)
    await page.route('**/api/queries/coins_*', () => {})
    await page.getByRole('combobox', { name: 'Period' }).selectOption('7d')
    await page.waitForURL('**period=7d')
    expect([...new Set(Object.values(await states(page)))]).toEqual(['loading'])
    expect(await page.locator('[data-query] dd, [data-query] canvas, [data-query] td').count()).toBe(0)
  })

  test('the keyboard reaches everything: skip link, pickers, tabs by arrows, tables', async () => {
    const page = await visit('')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the figures')
    for (const name of ['business', 'funnel', 'period']) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.name')).toBe(name)
    }
    await page.keyboard.press('Tab')
    const active = page.getByRole('tab', { selected: true })
    expect(await active.innerText()).toBe('Overview')
    for (const [key, title] of [['ArrowRight', 'Coins'], ['End', 'Pipeline health'], ['ArrowRight', 'Overview'], ['ArrowLeft', 'Pipeline health'], ['Home', 'Overview']] as const) {
      await page.keyboard.press(key)
      expect(await active.innerText()).toBe(title)
      expect(await page.evaluate('document.activeElement.textContent')).toBe(title)
    }
    await settled(page)
    await page.locator('summary').first().focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('details[open] table').count()).toBe(1)
  })

  test('a download is the CSV of what is shown', async () => {
    const page = await visit('?tab=funnel')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download CSV: How far customers get' }).click()])
    expect(download.suggestedFilename()).toMatch(/^funnel_steps_acme_purchase_\d{4}-\d\d-\d\d_\d{4}-\d\d-\d\d\.csv$/)
    const lines = readFileSync(await download.path(), 'utf8').replace('\uFEFF', '').trim().split('\r\n')
    expect(lines[0]).toBe('step,customers,step_conversion,overall_conversion,drop_off')
    const steps = await page.locator('[data-query="funnel_steps"] .name').allInnerTexts()
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(steps)
    expect(steps).toEqual(['product_search', 'add_to_cart', 'checkout', 'purchase'])
  })

  test('a new event shows by itself, and focus and what is unfolded stay', async () => {
    const page = await visit('?tab=coins')
    const details = page.locator('[data-query="coins_by_day"] details')
    await details.locator('summary').click()
    const issued = page.locator('[data-query="coins_totals"] dd').first()
    const before = await issued.getAttribute('title')
    const now = new Date().toISOString()
    const { status } = await sendNector(shop.pipeline.url, 'walletreward_create', { amount: '123456', operation: 'cr', hash: `live-${now}`, lead_id: 'live', status: 'success', created_at: now })
    expect(status).toBe(200)
    await expect.poll(async () => await issued.getAttribute('title'), { timeout: 60_000 }).not.toBe(before)
    expect(await details.getAttribute('open')).not.toBeNull()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
    expect(await page.locator('#freshness').innerText()).toMatch(/^Last webhook \d+ s ago$/)
  })

  test('without an answer the page says what happened, keeps what it showed, and recovers by itself', async () => {
    const page = await visit('?tab=coins')
    const away = JSON.stringify({ error: { code: 'WAREHOUSE_UNAVAILABLE', message: 'ClickHouse at 127.0.0.1:8123 gives no answer.' } })
    await page.route('**/api/queries/**', async (route) => { await route.fulfill({ status: 503, contentType: 'application/json', body: away }) })
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('ClickHouse at 127.0.0.1:8123 gives no answer.')
    expect((await states(page))['coins_by_day']).toBe('data')
    expect(await violations(page)).toEqual([])
    await page.unroute('**/api/queries/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  test('a query that fails says so in its place, and the others stand', async () => {
    watched = await openPage(browser, shop.origin)
    const { page } = watched
    const failed = JSON.stringify({ error: { code: 'QUERY_FAILED', message: 'sql/dashboards/coins_by_day.sql: 47 UNKNOWN_IDENTIFIER' } })
    await page.route('**/api/queries/coins_by_day?**', async (route) => { await route.fulfill({ status: 500, contentType: 'application/json', body: failed }) })
    await openTab(page, '?tab=coins')
    expect(await page.locator('[data-query="coins_by_day"] .problem').innerText()).toContain('sql/dashboards/coins_by_day.sql')
    expect(await states(page)).toMatchObject({ coins_by_day: 'error', coins_net_by_day: 'data' })
  })
  test.each([
    ['?business=nope', 'There is no business “nope”; there is acme.'],
    ['?tab=funnel&funnel=gone', 'There is no funnel of acme “gone”; there is purchase.'],
    ['?tab=coins&from=2026-02-31&to=2026-03-01', '“2026-02-31” is no day']
  ])('a wrong link (%s) is told, and shows nothing of something else', async (search, problem) => {
    watched = await openPage(browser, shop.origin)
    const { page } = watched
    const asked: string[] = []
    page.on('request', (request) => { if (request.url().includes('/api/queries/')) asked.push(request.url()) })
    await page.goto(`/${search}`)
    expect(await page.getByRole('alert').innerText()).toContain(problem)
    expect(await page.locator('[data-query]').count()).toBe(0)
    expect(new URL(page.url()).search).toBe(search)
    expect(asked.filter((url) => !url.includes('health_sources'))).toEqual([])
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'acme, the last 30 days' }).click()
    await settled(page)
    expect(await page.locator('[data-query]').count()).toBeGreaterThan(0)
  })

  test('today is marked as a day that is not over', async () => {
    const page = await visit('?tab=coins&period=7d')
    const card = page.locator('[data-query="coins_by_day"]')
    expect(await card.locator('.u-legend').innerText()).toContain('so far')
    expect(await card.getByRole('img').getAttribute('aria-label')).toContain('The last point is incomplete.')
    await card.locator('summary').click()
    expect(await card.locator('tbody th').last().innerText()).toMatch(/, so far$/)
    expect(await card.locator('tbody th').first().innerText()).not.toContain('so far')
  })

  test('/play of the embedded ClickHouse runs a query of bi', async () => {
    watched = await openPage(browser, shop.pipeline.clickHouseUrl)
    const { page } = watched
    await page.goto(`/play?user=bi&password=${String(shop.home.environment['BI_PASSWORD'])}`)
    await page.locator('#query').fill('SELECT count() > 0 AS there_are_days FROM analytics.coin_daily')
    await page.getByRole('button', { name: 'Run' }).click()
    await page.getByText('there_are_days').last().waitFor()
    const text = await page.locator('body').innerText()
    expect(text).not.toContain('Exception')
  })
})
