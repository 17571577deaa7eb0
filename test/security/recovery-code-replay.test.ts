/**
 * The attacker has found one of the victim's recovery codes, or the whole list, and tries to use it for more than one
 * login: many times at once, spelled in other ways, after a new list is made, and for other people.
 */

import { expect, test } from 'vitest'

import { partOf } from '../../src/factors/recovery-codes/rules/part.js'
import { tally } from '../../src/testing/contract-fixtures.js'
import { mount, setUpApp, setUpCodes, startHeldApp, type HeldApp } from '../support/held-app.js'
import { giveRecovery, jarsOf, outcomeIn } from '../support/held-deeds.js'
import { isIn, together } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

async function withCodes(app: HeldApp, username = 'alice') {
  const { browser, code } = await setUpApp(app, username)
  return { browser, code, codes: await setUpCodes(browser) }
}

const typed = (app: HeldApp, code: string | undefined, username = 'alice') =>
  app.login(username).then(async (jar) => outcomeIn(await giveRecovery(jar, code)))

test('one code typed 100 times at once lets one browser in, and leaves nine', async () => {
  await using app = await startHeldApp()
  const { codes } = await withCodes(app)
  const jars = await jarsOf(app, 20)
  const answers = await together(100, (nth) =>
    giveRecovery((jars[nth % 20] ?? app.browser()).copy(), codes[3]),
  )
  const counts = tally(answers.map(outcomeIn))
  expect(counts['passed']).toBe(1)
  // Copies of the winner's session arrive after it has got another id.
  expect((counts['code_used'] ?? 0) + (counts['login_required'] ?? 0)).toBe(99)
  const row = await rowOf(app.store, '1')
  expect(partOf(row).set?.used).toBe(0b1000)
  expect(row.grants).toHaveLength(2)
})

test('ten codes in ten browsers at once each let one in, with none left', async () => {
  await using app = await startHeldApp()
  const { codes } = await withCodes(app)
  const jars = await jarsOf(app, 10)
  const answers = await together(10, (nth) => giveRecovery(jars[nth] ?? app.browser(), codes[nth]))
  expect(tally(answers.map(outcomeIn))).toEqual({ passed: 10 })
  expect(answers.map(({ json }) => json['recoveryCodesLeft']).sort()).toEqual(
    Array.from({ length: 10 }, (_, left) => left).sort(),
  )
  for (const code of codes) expect(await typed(app, code)).toBe('code_used')
})

test('a used code stays used however it is spelled', async () => {
  await using app = await startHeldApp()
  const { codes } = await withCodes(app)
  const code = codes[0] ?? ''
  expect(await typed(app, code)).toBe('passed')
  for (const spelling of [
    code.toLowerCase(),
    code.replaceAll('-', ''),
    code.replaceAll('-', ' '),
    `  ${code}\n`,
    code.replaceAll('0', 'O').replaceAll('1', 'l'),
    code.replaceAll('0', 'o').replaceAll('1', 'I'),
    code.split('').join(' '),
  ]) {
    expect(await typed(app, spelling)).toBe('code_used')
  }
  expect((await rowOf(app.store, '1')).failures).toBe(0)
})

test('bob’s code lets nobody in as alice', async () => {
  await using app = await startHeldApp()
  await withCodes(app)
  const { codes } = await withCodes(app, 'bob')
  expect(await typed(app, codes[0])).toBe('code_incorrect')
  expect(await typed(app, codes[0], 'bob')).toBe('passed')
})

test('an attacker’s own code digests copied into alice’s row let nobody in', async () => {
  await using app = await startHeldApp()
  await withCodes(app)
  const { codes } = await withCodes(app, 'bob')
  const [alice, bob] = [await rowOf(app.store, '1'), await rowOf(app.store, '2')]
  const recovery = bob.factors['recovery'] ?? {}
  const forged = { ...alice, version: alice.version + 1, factors: { ...alice.factors, recovery } }
  expect(await app.store.compareAndSwap('1', alice.version, forged)).toBe(true)
  expect(await typed(app, codes[0])).toBe('code_incorrect')
})

test('the old list works until a new one is confirmed, and never after', async () => {
  await using app = await startHeldApp()
  const { browser, codes } = await withCodes(app)
  const begun = await browser.post(`${mount}/factors/recovery`, {})
  const fresh = begun.json as { setup: string; codes: string[] }
  expect(await typed(app, codes[0])).toBe('passed')
  expect(await typed(app, fresh.codes[0])).toBe('code_incorrect')
  const confirmed = await browser.post(`${mount}/factors/recovery/confirm`, fresh)
  expect(outcomeIn(confirmed)).toBe('enrolled')
  for (const old of codes.slice(0, 9)) expect(await typed(app, old)).toBe('code_incorrect')
  expect(await typed(app, fresh.codes[0])).toBe('passed')
})

test('confirming a list again brings none of its used codes back', async () => {
  await using app = await startHeldApp()
  const { browser } = await withCodes(app)
  const begun = await browser.post(`${mount}/factors/recovery`, {})
  const { setup, codes } = begun.json as { setup: string; codes: string[] }
  await browser.post(`${mount}/factors/recovery/confirm`, { setup })
  expect(await typed(app, codes[0])).toBe('passed')
  expect(outcomeIn(await browser.post(`${mount}/factors/recovery/confirm`, { setup }))).toBe(
    'enrolled',
  )
  expect(await typed(app, codes[0])).toBe('code_used')
})

test('an abandoned older list does not replace a newer one', async () => {
  await using app = await startHeldApp()
  const { browser } = await withCodes(app)
  const [older, newer] = [
    (await browser.post(`${mount}/factors/recovery`, {})).json as { setup: string },
    (await browser.post(`${mount}/factors/recovery`, {})).json as {
      setup: string
      codes: string[]
    },
  ]
  await browser.post(`${mount}/factors/recovery/confirm`, newer)
  const late = await browser.post(`${mount}/factors/recovery/confirm`, older)
  expect([late.status, outcomeIn(late)]).toEqual([409, 'setup_expired'])
  expect(await typed(app, newer.codes[0])).toBe('passed')
})

test('a session that passed by a code trusts no device, and passes a step-up', async () => {
  await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
  const { codes } = await withCodes(app)
  const jar = await app.login('alice')
  const passed = await giveRecovery(jar, codes[0], { trustDevice: true })
  expect(outcomeIn(passed)).toBe('passed')
  expect(passed.headers.getSetCookie().join()).not.toContain('device')
  expect(await isIn(jar)).toBe(true)
  expect((await jar.post('/transfer')).status).toBe(200)
})
