/** Setting up an app: the secret is shown, nothing is stored until a code comes back, and then the app passes. */

import { describe, expect, test } from 'vitest'

import { isHeldInRow } from '../../../src/flows/held.js'
import { createKeyRing } from '../../../src/core/keys.js'
import { newSubject, type FactorPart } from '../../../src/core/state.js'
import { importedPart } from '../../../src/factors/totp/enrol.js'
import { resolveTotpOptions } from '../../../src/factors/totp/options.js'
import { stepAt } from '../../../src/factors/totp/rules/codes.js'
import { kind, type TotpPart } from '../../../src/factors/totp/rules/part.js'
import { totp } from '../../../src/factors/totp/totp-factor.js'
import type { Confirmation } from '../../../src/ports/enrolment.js'
import type { Verdict } from '../../../src/ports/attempt.js'
import type { Factor } from '../../../src/ports/factor.js'
import { appCode } from '../../support/authenticator.js'
import { minute, second, t0 } from '../../support/clock.js'
import { firstSecret, openHeld, otherSecret, type HeldRig } from '../held-rig.js'
import { partWith } from './build.js'

interface Shown {
  readonly secret: string
  readonly uri: string
  readonly qr: string
}

function open(rig: HeldRig = openHeld()) {
  const factor: Factor<string> = totp<string>().create(rig.tools)
  rig.use(factor)
  const enrolment = factor.enrolment
  if (enrolment === undefined) throw new Error('an app can be enrolled')
  return { rig, factor, enrolment }
}

type Opened = ReturnType<typeof open>

async function begin({ rig, enrolment }: Opened) {
  const row = await rig.row()
  const setUp = await enrolment.setUp({
    ...{ user: 'user-1', subject: 'user-1', label: 'alice@example.com', row, now: rig.now },
    sessionKey: 'session-1',
  })
  return { secrets: setUp.secrets, shown: setUp.shown as Shown }
}

async function confirm(
  { rig, enrolment }: Opened,
  secrets: unknown,
  code: string,
  name: string | null = null,
): Promise<Verdict> {
  const confirmation: Confirmation = {
    ...{ subject: 'user-1', secrets, name, sessionKey: 'session-1' },
    proof: enrolment.readProof({ code }),
  }
  return enrolment.judge(await rig.row(), rig.now, confirmation)
}

function partIn(verdict: Verdict): TotpPart {
  if (verdict.status !== 'right') throw new Error(`not right but ${JSON.stringify(verdict)}`)
  return verdict.part as TotpPart
}

describe('an app being set up', () => {
  test('shows a new secret, URI and QR code each time', async () => {
    const opened = open()
    const { shown } = await begin(opened)
    expect(shown.secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(shown.uri).toBe(
      `otpauth://totp/Example:alice%40example.com?secret=${shown.secret}&issuer=Example`,
    )
    expect(shown.qr).toMatch(/^<svg\s[^]*<\/svg>$/)
    expect((await begin(opened)).shown.secret).not.toBe(shown.secret)
  })

  test('is stored sealed once its code has come back, with that code used up', async () => {
    const opened = open()
    const { secrets, shown } = await begin(opened)
    const verdict = await confirm(opened, secrets, appCode(shown.secret, t0), 'My phone')
    const part = partIn(verdict)
    expect(part).toEqual({
      held: true,
      id: expect.stringMatching(/^[\w-]{22}$/) as string,
      sealedBy: createKeyRing(firstSecret).issuingKeyId,
      sealed: expect.stringMatching(/^[\w-]{64}$/) as string,
      name: 'My phone',
      addedAt: t0,
      usedAt: null,
      lastStep: stepAt(t0),
      earlierSteps: [],
    })
    expect(verdict).toMatchObject({ proof: part.id })
    expect(JSON.stringify(part)).not.toContain(shown.secret)
  })

  test('has the name from the options if the person gives none', async () => {
    const opened = open()
    const { secrets, shown } = await begin(opened)
    const part = partIn(await confirm(opened, secrets, appCode(shown.secret, t0)))
    expect(part.name).toBe('Authenticator app')
  })

  test('accepts a code from a clock one step off, and marks that step as used', async () => {
    const opened = open()
    const { secrets, shown } = await begin(opened)
    const late = appCode(shown.secret, t0 - 30 * second)
    expect(partIn(await confirm(opened, secrets, late)).lastStep).toBe(stepAt(t0) - 1)
    const wrong = appCode(shown.secret, t0 - minute)
    expect(await confirm(opened, secrets, wrong)).toEqual({
      status: 'refused',
      code: 'code_incorrect',
    })
  })

  test('passes afterwards with the next code but not with the setup code', async () => {
    const opened = open()
    const { rig, factor } = opened
    const { secrets, shown } = await begin(opened)
    const code = appCode(shown.secret, t0)
    await rig.keep({ [kind]: partIn(await confirm(opened, secrets, code)) })
    expect(await rig.type(factor, code)).toBe('code_used')
    rig.now += 30 * second
    expect(await rig.type(factor, appCode(shown.secret, rig.now))).toBe('passed')
    expect(await rig.type(factor, appCode(shown.secret, rig.now))).toBe('code_used')
    expect((await rig.row()).failures).toBe(0)
  })

  test('replaces the current app only when it is confirmed', async () => {
    const opened = open()
    const { rig, factor } = opened
    const first = await begin(opened)
    await rig.keep({
      [kind]: partIn(await confirm(opened, first.secrets, appCode(first.shown.secret, t0))),
    })
    const second = await begin(opened)
    rig.now += minute
    expect(await rig.type(factor, appCode(first.shown.secret, rig.now))).toBe('passed')
    const code = appCode(second.shown.secret, rig.now)
    await rig.keep({ [kind]: partIn(await confirm(opened, second.secrets, code)) })
    rig.now += minute
    expect(await rig.type(factor, appCode(first.shown.secret, rig.now))).toBe('code_incorrect')
    expect(await rig.type(factor, appCode(second.shown.secret, rig.now))).toBe('passed')
  })

  test('is set up once: repeating the same setup makes no used code valid again', async () => {
    const opened = open()
    const { secrets, shown } = await begin(opened)
    const code = appCode(shown.secret, t0)
    await opened.rig.keep({ [kind]: partIn(await confirm(opened, secrets, code)) })
    expect(await confirm(opened, secrets, code)).toEqual({
      status: 'refused',
      code: 'setup_expired',
    })
  })

  test.each(['', '12345', '1234567', 'abcdef', '12 34', '1'.repeat(600)])(
    'rejects %j as a code',
    (code) => {
      expect(open().enrolment.readProof({ code })).toMatchObject({ code: 'malformed_request' })
    },
  )

  test('accepts codes as people type them', () => {
    for (const code of ['123456', '123 456', ' 123-456 ', '１２３４５６', '١٢٣٤٥٦']) {
      expect(open().enrolment.readProof({ code })).toBe('123456')
    }
  })
})

describe('the held app', () => {
  const stored: FactorPart = partWith({ usedAt: t0 })
  const { factor } = open()
  const row = { ...newSubject('user-1', 1, t0), factors: { [kind]: stored } }

  test('is shown with its name and times', () => {
    expect(factor.held?.items(row, t0)).toEqual([
      {
        ...{ id: 'app-1', kind, name: 'My phone', usable: true },
        ...{ addedAt: partWith().addedAt, usedAt: t0 },
      },
    ])
    expect(factor.held?.items(newSubject('user-1', 1, t0), t0)).toEqual([])
  })

  test('can be renamed and removed only by its own id', () => {
    expect(factor.held?.rename?.(stored, 'app-1', 'New')).toEqual({ ...stored, name: 'New' })
    expect(factor.held?.rename?.(stored, 'app-2', 'New')).toBe(stored)
    expect(factor.held?.remove(stored, 'app-1')).toEqual({})
    expect(factor.held?.remove(stored, 'app-2')).toBe(stored)
    expect(factor.held?.remove({}, 'app-1')).toEqual({})
  })

  test('is available only to its user', async () => {
    const read = () => Promise.resolve(row)
    expect(await factor.isAvailable('user-1', read)).toBe(true)
    expect(isHeldInRow({ factors: [factor] }, row)).toBe(true)
    const none = () => Promise.resolve(newSubject('user-1', 1, t0))
    expect(await factor.isAvailable('user-1', none)).toBe(false)
    expect(isHeldInRow({ factors: [factor] }, await none())).toBe(false)
  })

  test('stays held if its secret is gone: it is unusable, and operators are told once', async () => {
    const { rig, factor: unable } = open(openHeld({ secret: otherSecret }))
    const read = () => Promise.resolve(row)
    expect(await unable.isAvailable('user-1', read)).toBe(false)
    expect(await unable.isAvailable('user-1', read)).toBe(false)
    expect(isHeldInRow({ factors: [unable] }, row)).toBe(true)
    expect(unable.held?.items(row, t0)).toMatchObject([{ id: 'app-1', usable: false }])
    const keyId = createKeyRing(firstSecret).issuingKeyId
    expect(rig.events).toMatchObject([
      { type: 'factor_unreadable', subject: 'user-1', kind, keyId },
    ])
  })
})

describe('a sealed secret', () => {
  const stored = partWith()
  const row = { ...newSubject('user-1', 1, t0), factors: { [kind]: stored } }
  const rotated = open(openHeld({ secret: [otherSecret, firstSecret] })).factor

  test('is resealed under the issuing secret on an operator’s request, and nothing else changes', () => {
    const part = rotated.reseal?.(row)
    const { sealed, ...rest } = stored
    expect(part).toMatchObject({ ...rest, sealedBy: createKeyRing(otherSecret).issuingKeyId })
    const alone = open(openHeld({ secret: otherSecret })).factor
    const after = { ...row, factors: { [kind]: part ?? {} } }
    expect(alone.held?.items(after, t0)).toMatchObject([{ usable: true }])
    expect(JSON.stringify(part)).not.toContain(sealed)
  })

  test('is left unchanged if already resealed, if its secret is gone, or if there is none', () => {
    expect(factorOf(firstSecret).reseal?.(row)).toBeNull()
    expect(factorOf(otherSecret).reseal?.(row)).toBeNull()
    expect(rotated.reseal?.(newSubject('user-1', 1, t0))).toBeNull()
  })
})

const factorOf = (secret: string) => open(openHeld({ secret })).factor

describe('an app imported from another system', () => {
  test('passes here and has a name', async () => {
    const { rig, factor } = open()
    const secret = 'jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp'
    const context = resolveTotpOptions({}, rig.tools)
    await rig.keep({ [kind]: importedPart(context, 'user-1', t0, secret, null) })
    expect(await rig.type(factor, appCode('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', t0))).toBe('passed')
    expect(importedPart(context, 'user-1', t0, secret, 'Old app').name).toBe('Old app')
  })
})

describe('a lock', () => {
  test('starts after ten wrong codes and refuses the right one', async () => {
    const { rig, factor } = open()
    await rig.keep({ [kind]: partWith() })
    const words: string[] = []
    for (let tries = 0; tries < 11; tries += 1) words.push(await rig.type(factor, '000000'))
    expect(words).toEqual([...new Array<string>(10).fill('code_incorrect'), 'locked_out'])
  })
})
