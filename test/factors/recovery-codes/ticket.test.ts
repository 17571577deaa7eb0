/**
 * An operator's ticket for a user who has lost everything: it passes once, only for that user, and for a limited time.
 */

import { describe, expect, test } from 'vitest'

import { newSubject } from '../../../src/core/state.js'
import { emptyPart, kind, readPart } from '../../../src/factors/recovery-codes/rules/part.js'
import { recoveryCodes } from '../../../src/factors/recovery-codes/recovery-factor.js'
import { issueTicket } from '../../../src/factors/recovery-codes/ticket.js'
import type { Factor } from '../../../src/ports/factor.js'
import { day, t0 } from '../../support/clock.js'
import { openHeld } from '../held-rig.js'
import { codeAt, partWith } from './build.js'

async function open(fields = emptyPart) {
  const rig = openHeld()
  const factor: Factor<string> = recoveryCodes<string>().create(rig.tools)
  rig.use(factor)
  await rig.keep({ [kind]: fields })
  const issued = issueTicket(await rig.row(), t0 + day)
  await rig.keep({ [kind]: issued.part })
  const isAvailable = () => factor.isAvailable('user-1', () => rig.row())
  return { rig, factor, isAvailable, code: issued.code, part: issued.part }
}

describe('an operator’s ticket', () => {
  test('looks like a recovery code, differs each time, and is nowhere in the row', async () => {
    const { code, part } = await open()
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect((await open()).code).not.toBe(code)
    expect(JSON.stringify(part)).not.toContain(code.slice(0, 9))
    expect(part).toMatchObject({ held: false, set: null, ticket: { expiresAt: t0 + day } })
  })

  test('passes once, however it is typed, and ends a lock', async () => {
    const { rig, factor, isAvailable, code } = await open()
    await rig.keep((await rig.row()).factors, { failures: 20, lock: { tier: 2, until: t0 + day } })
    expect(await isAvailable()).toBe(true)
    expect(await rig.type(factor, code.toLowerCase())).toBe('passed')
    expect(await rig.row()).toMatchObject({ failures: 0, factors: { [kind]: emptyPart } })
    expect(await rig.type(factor, code)).toBe('factor_not_enrolled')
    expect(await isAvailable()).toBe(false)
  })

  test('expires, and is then not counted as a failure', async () => {
    const { rig, factor, isAvailable, code } = await open()
    rig.now = t0 + day
    expect(await rig.type(factor, code)).toBe('code_expired')
    expect(await rig.type(factor, codeAt(0))).toBe('factor_not_enrolled')
    expect(await isAvailable()).toBe(false)
    expect((await rig.row()).failures).toBe(0)
    rig.now -= 1
    expect(await rig.type(factor, code)).toBe('passed')
  })

  test('does not change that wrong codes are counted', async () => {
    const { rig, factor, code } = await open()
    expect(await rig.type(factor, codeAt(0))).toBe('code_incorrect')
    expect((await rig.row()).failures).toBe(1)
    expect(await rig.type(factor, code)).toBe('passed')
  })

  test('passes for nobody else: its digest is useless when copied to another user', async () => {
    const { factor, code, part } = await open()
    const row = { ...newSubject('user-2', 1, t0), factors: { [kind]: part } }
    const evidence = factor.readEvidence({ code })
    const attempt = { evidence, purpose: 'sign-in', sessionKey: undefined } as const
    expect(factor.judge(row, t0, attempt)).toMatchObject({ status: 'wrong' })
  })

  test('coexists with a set: either passes, and neither uses up the other', async () => {
    const { rig, factor, code } = await open(partWith())
    expect(await rig.type(factor, codeAt(0))).toBe('passed')
    expect(await rig.type(factor, code)).toBe('passed')
    expect(await rig.type(factor, codeAt(0))).toBe('code_used')
    expect(await rig.type(factor, codeAt(1))).toBe('passed')
    expect(factor.facts?.(await rig.row(), t0)).toEqual({ recoveryCodesLeft: 8 })
  })

  test('is void once the next one is made', async () => {
    const { rig, factor, code } = await open()
    const second = issueTicket(await rig.row(), t0 + day)
    await rig.keep({ [kind]: second.part })
    expect(await rig.type(factor, code)).toBe('code_incorrect')
    expect(await rig.type(factor, second.code)).toBe('passed')
  })

  test('keeps the row until it expires and no longer', async () => {
    const { factor, part } = await open()
    expect(factor.keepUntil?.(part)).toBe(t0 + day)
    expect(factor.keepUntil?.(emptyPart)).toBe(0)
    expect(readPart(part)).toBe(part)
  })
})
