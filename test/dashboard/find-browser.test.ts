import { expect, test } from 'vitest'
import { findBrowser, judge } from './browser/find-browser.ts'

test('a browser that is not where CHROMIUM_PATH says is none', () => {
  expect(findBrowser({ CHROMIUM_PATH: '/nowhere/chromium', PATH: process.env['PATH'] })).toEqual({ kind: 'none', reason: 'there is no CHROMIUM_PATH /nowhere/chromium' })
  expect(findBrowser({ CHROMIUM_PATH: process.execPath })).toEqual({ kind: 'found', path: process.execPath })
  expect(findBrowser({ PATH: '/nowhere' })).toMatchObject({ kind: 'none' })
})

test('none is a reason to skip, and a failure where it is required', () => {
  const none = findBrowser({ PATH: '' })
  expect(judge(none, {})).toMatchObject({ kind: 'skip', reason: expect.stringContaining('apt-get install chromium') as string })
  expect(judge(none, { REQUIRE_BROWSER: '1' })).toMatchObject({ kind: 'fail' })
  expect(judge({ kind: 'found', path: '/chromium' }, { REQUIRE_BROWSER: '1' })).toEqual({ kind: 'run', path: '/chromium' })
})
