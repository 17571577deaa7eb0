/**
 * The attacker has a database dump, then write access to the database, and later everything the application ever
 * returned or logged. None of it may contain an app secret, a recovery code or a token, and nothing copied from one
 * row to another may let anybody in.
 */

import { describe, expect, test } from 'vitest'

import type { TotpPart } from '../../src/factors/totp/rules/part.js'
import { memoryStore } from '../../src/index.js'
import type { SubjectState } from '../../src/core/state.js'
import { mount, setUpApp, setUpCodes, startHeldApp, type HeldApp } from '../support/held-app.js'
import { beginApp, confirmApp, giveApp, giveRecovery, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { captureOutput, shown } from '../support/output-capture.js'
import { rowOf } from '../support/rows.js'

const first = 'the first secret of at least 32 bytes'
const second = 'the second secret of at least 32 bytes'

/** Every spelling of a secret. */
function spellings(secret: string): readonly string[] {
  const bits = Array.from(secret, (sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign))
  const binary = bits.map((value) => value.toString(2).padStart(5, '0')).join('')
  const bytes = Buffer.from((binary.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
  const grouped = secret.match(/.{4}/g)?.join(' ') ?? secret
  return [
    ...[secret, secret.toLowerCase(), grouped],
    ...(['hex', 'base64', 'base64url'] as const).map((as) => bytes.toString(as)),
  ]
}

async function change(app: HeldApp, subject: string, make: (row: SubjectState) => SubjectState) {
  const row = await rowOf(app.store, subject)
  const forged = { ...make(row), version: row.version + 1 }
  expect(await app.store.compareAndSwap(subject, row.version, forged)).toBe(true)
}

const appOf = ({ factors }: SubjectState) => factors['totp'] as TotpPart

test('a dumped row contains no app secret, recovery code or device token', async () => {
  await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
  const { browser, secret, code } = await setUpApp(app)
  const codes = await setUpCodes(browser)
  app.clock.advance(60)
  const device = await app.login('alice')
  await giveApp(device, code(), { trustDevice: true })
  const tokens = [...device.cookies].find(([name]) => name.includes('device'))?.[1] ?? ''
  expect(tokens).toMatch(/^[\w-]{22}\.[\w-]{43}$/)

  const dump = JSON.stringify(await rowOf(app.store, '1'))
  for (const text of spellings(secret)) expect(dump).not.toContain(text)
  for (const each of codes) {
    expect(dump).not.toContain(each)
    expect(dump).not.toContain(each.replaceAll('-', ''))
  }
  expect(dump).not.toContain(tokens.split('.')[1])
})

describe('the attacker can write to the database', () => {
  test('and copies their own app’s sealed secret into the victim’s row: it cannot be decrypted there', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const { code } = await setUpApp(app, 'bob')
    app.clock.advance(60)
    const own = appOf(await rowOf(app.store, '2'))
    await change(app, '1', (row) => ({ ...row, factors: { ...row.factors, totp: own } }))
    const jar = await app.login('alice')
    const answer = await giveApp(jar, code())
    expect([answer.status, outcomeIn(answer)]).toEqual([503, 'factors_lost'])
    expect(await isIn(jar)).toBe(false)
  })

  test('and changes any byte of the sealed secret: no code is judged, and the app stays enrolled', async () => {
    await using app = await startHeldApp()
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const whole = appOf(await rowOf(app.store, '1'))
    const bytes = Buffer.from(whole.sealed, 'base64url')
    for (const at of [0, 11, 12, 31, bytes.length - 1]) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 1
      const totp = { ...whole, sealed: damaged.toString('base64url') }
      await change(app, '1', (row) => ({ ...row, factors: { ...row.factors, totp } }))
      const jar = await app.login('alice')
      const answer = await giveApp(jar, code())
      expect([at, answer.status, outcomeIn(answer)]).toEqual([at, 503, 'factors_lost'])
      expect(outcomeIn(await jar.post(`${mount}/factors/totp`, {}))).toBe('second_factor_required')
    }
    expect((await rowOf(app.store, '1')).failures).toBe(0)
  })

  test('and lowers the last used step: that is detected as damage, or lets a known code pass at most once', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    for (const lastStep of [-1, 0.5, '7', null]) {
      const totp = { ...appOf(await rowOf(app.store, '1')), lastStep }
      await change(app, '1', (row) => ({ ...row, factors: { ...row.factors, totp } }))
      const answer = await giveApp(await app.login('alice'), '123456')
      expect([lastStep, answer.status, outcomeIn(answer)]).toEqual([
        lastStep,
        503,
        'store_unavailable',
      ])
      await change(app, '1', (row) => ({
        ...row,
        factors: { ...row.factors, totp: { ...totp, lastStep: 0 } },
      }))
    }
  })
})

describe('the application’s secret', () => {
  async function enrolledUnder(secret: string) {
    const store = memoryStore()
    const remembered = new Set<number>()
    const users = {
      id: ({ id }: { id: number }) => id,
      hasFactors: ({ id }: { id: number }) => remembered.has(id),
      setHasFactors: ({ id }: { id: number }, has: boolean) =>
        has ? remembered.add(id) : remembered.delete(id),
    }
    const app = await startHeldApp({ store, secret, users })
    const set = await setUpApp(app)
    const codes = await setUpCodes(set.browser)
    app.clock.advance(60)
    const { clock } = app
    const restart = async (next: string | string[]) => {
      const other = await startHeldApp({ store, secret: next, users })
      other.clock.now = clock.now
      return other
    }
    return { app, ...set, codes, restart }
  }

  test('is rotated with the old one kept: users pass, and their row is sealed under the new one', async () => {
    const { app, code, restart } = await enrolledUnder(first)
    await app.close()
    await using rotated = await restart([second, first])
    const before = appOf(await rowOf(rotated.store, '1'))
    expect(outcomeIn(await giveApp(await rotated.login('alice'), code()))).toBe('passed')
    const after = appOf(await rowOf(rotated.store, '1'))
    expect(after.sealedBy).not.toBe(before.sealedBy)

    await using without = await restart(second)
    without.clock.advance(60)
    app.clock.now = without.clock.now
    expect(outcomeIn(await giveApp(await without.login('alice'), code()))).toBe('passed')
  })

  test('is rotated, and an operator reseals the remaining rows: the old one can be removed', async () => {
    const { app, code, restart } = await enrolledUnder(first)
    await app.close()
    await using rotated = await restart([second, first])
    await rotated.secondFactor.reseal({ id: 1, username: 'alice' })
    await using without = await restart(second)
    expect(outcomeIn(await giveApp(await without.login('alice'), code()))).toBe('passed')
  })

  test('is lost: the app is unusable but still enrolled, and a password alone enrols no other', async () => {
    const { app, code, codes, restart } = await enrolledUnder(first)
    await app.close()
    await using without = await restart(second)
    const jar = await without.login('alice')
    const answer = await giveApp(jar, code())
    expect([answer.status, outcomeIn(answer)]).toEqual([503, 'factors_lost'])
    expect((await jar.get(`${mount}/`)).json).toMatchObject({
      methods: ['recovery-code'],
      enrolment: { held: ['totp'] },
    })
    expect((await jar.get(`${mount}/factors`)).json).toMatchObject({
      factors: [{ kind: 'totp', usable: false }],
    })
    const begun = await jar.post(`${mount}/factors/totp`, {})
    expect([begun.status, outcomeIn(begun)]).toEqual([403, 'second_factor_required'])
    expect(without.events).toContainEqual(
      expect.objectContaining({ type: 'factor_unreadable', kind: 'totp' }),
    )
    // Recovery codes are one-way, and do not depend on it.
    expect(outcomeIn(await giveRecovery(jar, codes[0]))).toBe('passed')
    const again = await beginApp(jar)
    expect(again.secret).toMatch(/^[A-Z2-7]{32}$/)
  })
})

test('the app secret is shown during setup, and afterwards in no response, event or output', async () => {
  const output = captureOutput()
  try {
    await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
    const owner = await app.login('alice')
    const { setup, secret } = await beginApp(owner)
    const { generateSync } = await import('otplib')
    const code = generateSync({ secret, epoch: Math.floor(app.clock.now / 1000) })
    const confirmed = await confirmApp(owner, setup, code)
    expect(outcomeIn(confirmed)).toBe('enrolled')
    const codes = await setUpCodes(owner)
    const [id = ''] = await owner.get(`${mount}/factors`).then(({ json }) => {
      const { factors } = json as { factors: { id: string }[] }
      return factors.map((each) => each.id)
    })

    const answers = [confirmed]
    for (const path of ['/', '/factors', '/use/totp', '/use/recovery-code', '/devices']) {
      answers.push(await owner.get(mount + path), await owner.page(mount + path))
    }
    for (const path of [
      '/challenge',
      '/verify',
      `/factors/${id}/rename`,
      '/factors/totp/confirm',
    ]) {
      answers.push(await owner.post(mount + path, { setup, code, name: 'x', method: 'totp' }))
      answers.push(await owner.submit(mount + path, { setup, code, name: 'x', method: 'totp' }))
    }
    answers.push(await owner.get('/profile'))
    // A set-up that begins anew has another secret.
    answers.push(await owner.post(`${mount}/factors/totp`, {}))
    answers.push(await owner.page(`${mount}/factors/totp`))
    const told = [
      ...answers.map(({ text, headers }) => text + JSON.stringify([...headers])),
      shown(app.events),
      shown(app.faults),
      output.text(),
    ].join('\n')
    for (const text of spellings(secret)) expect(told).not.toContain(text)
    for (const each of codes) expect(told).not.toContain(each)
    expect(shown(app.events)).not.toMatch(new RegExp(`\\b${code}\\b`))
  } finally {
    output.stop()
  }
})
