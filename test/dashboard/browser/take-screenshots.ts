import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openBrowser, openPage, openTab, states } from './open-browser.ts'
import { describeWithBrowser } from './require-browser.ts'
import { simulatedDashboard } from './simulated-dashboard.ts'

const folder = process.env['SCREENSHOTS'] ?? 'docs/images'
const wide = { viewport: { width: 1180, height: 900 } }
const shots = [
  ['overview', '?tab=overview', wide],
  ['coins', '?tab=coins', wide],
  ['referrals', '?tab=referrals', wide],
  ['funnel', '?tab=funnel', wide],
  ['health', '?tab=health', wide],
  ['dark', '?tab=overview', { ...wide, colorScheme: 'dark' }],
  ['phone', '?tab=funnel', { viewport: { width: 375, height: 812 } }]
] as const

// not a test: `npm run screenshots` takes the pictures of the README
describeWithBrowser('screenshots', (executablePath) => {
  test('of every tab, in dark and on a phone', async () => {
    mkdirSync(folder, { recursive: true })
    const [browser, shop] = await Promise.all([openBrowser(executablePath), simulatedDashboard(8_000)])
    try {
      for (const [name, search, options] of shots) {
        const { page, problems, close } = await openPage(browser, shop.origin, options)
        await openTab(page, search)
        expect(Object.values(await states(page)).every((state) => state === 'data'), name).toBe(true)
        // the page in full, but not the whole of a long table
        const height = Math.min(1250, Number(await page.evaluate('document.documentElement.scrollHeight')))
        await page.screenshot({ path: resolve(folder, `${name}.png`), fullPage: true, clip: { x: 0, y: 0, width: options.viewport.width, height } })
        expect(problems).toEqual([])
        await close()
      }
    } finally {
      await browser.close()
      await shop.stop()
    }
  })
})
