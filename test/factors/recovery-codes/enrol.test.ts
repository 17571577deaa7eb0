/** Making recovery codes: shown once, stored when confirmed, and good for one sign-in each. */

import { describe, expect, test } from 'vitest'

import { isHeldInRow } from '../../../src/flows/held.js'
import { ConfigurationError } from '../../../src/core/errors.js'
import { newSubject } from '../../../src/core/state.js'
import { readCode } from '../../../src/factors/recovery-codes/rules/codes.js'
import {
  emptyPart,
  kind,
  type RecoveryPart,
} from '../../../src/factors/recovery-codes/rules/part.js'
import type { RecoveryCodesOptions } from '../../../src/factors/recovery-codes/options.js'
import { recoveryCodes } from '../../../src/factors/recovery-codes/recovery-factor.js'
import { createWordings } from '../../../src/pages/wording.js'
import type { Verdict } from '../../../src/ports/attempt.js'
import type { Factor } from '../../../src/ports/factor.js'
import { t0 } from '../../support/clock.js'
import { openHeld } from '../held-rig.js'
import { codeAt, codes, partWith, rowOf } from './build.js'

function open(options?: RecoveryCodesOptions) {
  const rig = openHeld()
  const factor: Factor<string> = recoveryCodes<string>(options).create(rig.tools)
  rig.use(factor)
  const enrolment = factor.enrolment
  if (enrolment === undefined) throw new Error('codes can be made')
  return { rig, factor, enrolment }
}

type Opened = ReturnType<typeof open>

async function begin({ rig, enrolment }: Opened) {
  const row = await rig.row()
  const setUp = await enrolment.setUp({
    ...{ user: 'user-1', subject: 'user-1', label: 'alice', row, now: rig.now },
    sessionKey: 'session-1',
  })
  return { secrets: setUp.secrets, codes: (setUp.shown as { codes: string[] }).codes }
}

async function confirm({ rig, enrolment }: Opened, secrets: unknown): Promise<Verdict> {
  return enrolment.judge(await rig.row(), rig.now, {
    ...{ subject: 'user-1', secrets, name: null, sessionKey: 'session-1' },
    proof: enrolment.readProof(null),
  })
}

/** Confirms and stores, as the flows do. */
async function keep(opened: Opened, secrets: unknown): Promise<RecoveryPart> {
  const verdict = await confirm(opened, secrets)
  if (verdict.status !== 'right') throw new Error(`not right but ${JSON.stringify(verdict)}`)
  await opened.rig.keep({ [kind]: verdict.part })
  return verdict.part as RecoveryPart
}

describe('new codes', () => {
  test('are ten in groups of four, and differ each time', async () => {
    const opened = open()
    const { codes: shown } = await begin(opened)
    expect(shown).toHaveLength(10)
    for (const code of shown) expect(code).toMatch(/^(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}$/)
    expect(new Set([...shown, ...(await begin(opened)).codes]).size).toBe(20)
  })

  test.each([5, 16])('are as many as the options set: %i', async (count) => {
    const opened = open({ count })
    const { codes: shown, secrets } = await begin(opened)
    expect(shown).toHaveLength(count)
    await keep(opened, secrets)
    expect(opened.factor.facts?.(await opened.rig.row(), t0)).toEqual({ recoveryCodesLeft: count })
    expect(await opened.rig.type(opened.factor, shown.at(-1) ?? '')).toBe('passed')
  })

  test('do not work before they are confirmed, and afterwards pass once each', async () => {
    const opened = open()
    const { rig, factor } = opened
    const { secrets, codes: shown } = await begin(opened)
    expect(await rig.type(factor, shown[0] ?? '')).toBe('factor_not_enrolled')
    const part = await keep(opened, secrets)
    expect(part).toMatchObject({ held: true, set: { used: 0, addedAt: t0, usedAt: null } })
    for (const code of shown) expect(await rig.type(factor, code.toLowerCase())).toBe('passed')
    for (const code of shown) expect(await rig.type(factor, code)).toBe('code_used')
    expect(factor.facts?.(await rig.row(), t0)).toEqual({ recoveryCodesLeft: 0 })
  })

  test('replace the old ones only when they are confirmed', async () => {
    const opened = open()
    const { rig, factor } = opened
    const old = await begin(opened)
    await keep(opened, old.secrets)
    const fresh = await begin(opened)
    expect(await rig.type(factor, old.codes[0] ?? '')).toBe('passed')
    expect(await rig.type(factor, fresh.codes[0] ?? '')).toBe('code_incorrect')
    await keep(opened, fresh.secrets)
    expect(await rig.type(factor, old.codes[1] ?? '')).toBe('code_incorrect')
    expect(await rig.type(factor, fresh.codes[0] ?? '')).toBe('passed')
  })

  test('can be confirmed again without effect: used codes stay used', async () => {
    const opened = open()
    const { rig, factor } = opened
    const { secrets, codes: shown } = await begin(opened)
    await keep(opened, secrets)
    await rig.type(factor, shown[0] ?? '')
    const verdict = await confirm(opened, secrets)
    expect(verdict).toMatchObject({ status: 'right', part: { set: { used: 1 } } })
    const present = (await rig.row()).factors[kind]
    expect(verdict.status === 'right' ? verdict.part : null).toEqual(present)
  })

  test('are refused if newer ones were made since: no used code becomes valid again', async () => {
    const opened = open()
    const first = await begin(opened)
    await keep(opened, first.secrets)
    await opened.rig.type(opened.factor, first.codes[0] ?? '')
    const second = await begin(opened)
    const third = await begin(opened)
    await keep(opened, third.secrets)
    for (const { secrets } of [first, second]) {
      expect(await confirm(opened, secrets)).toEqual({ status: 'refused', code: 'setup_expired' })
    }
  })

  test('can be downloaded as a text file, one per line, in the person’s language', async () => {
    const { enrolment, ...opened } = open()
    const { secrets, codes: shown } = await begin({ enrolment, ...opened })
    const wordings = createWordings()
    const english = enrolment.file?.(secrets, 'Example', wordings(['en']))
    expect(english?.name).toBe('recovery-codes.txt')
    expect(english?.text).toBe(
      `Example: Recovery codes\nEach code works once. Keep them somewhere safe.\n\n${shown.join('\n')}\n`,
    )
    const german = enrolment.file?.(secrets, '', wordings(['de']))
    expect(german?.text.split('\n')[0]).toBe('Wiederherstellungscodes')
  })
})

describe('a lock', () => {
  test('caused by wrong codes does not stop a right one, which ends it', async () => {
    const { rig, factor } = open()
    await rig.keep({ [kind]: partWith() })
    const words: string[] = []
    for (let tries = 0; tries < 12; tries += 1) {
      words.push(await rig.type(factor, 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'))
    }
    expect(words).toEqual([
      ...new Array<string>(10).fill('code_incorrect'),
      ...['locked_out', 'locked_out'],
    ])
    expect(await rig.type(factor, codeAt(3))).toBe('passed')
    expect(await rig.row()).toMatchObject({ failures: 0, lock: { tier: 0, until: null } })
  })
})

test('lets one of a hundred uses of the same code at once pass, leaving nine codes', async () => {
  const { rig, factor } = open()
  await rig.keep({ [kind]: partWith() })
  const words = await Promise.all(Array.from({ length: 100 }, () => rig.type(factor, codeAt(0))))
  expect(words.filter((word) => word === 'passed')).toHaveLength(1)
  expect(words.filter((word) => word === 'code_used')).toHaveLength(99)
  expect(factor.facts?.(await rig.row(), t0)).toEqual({ recoveryCodesLeft: 9 })
})

describe('the held set', () => {
  const { rig, factor } = open()
  const stored = partWith({ usedAt: t0 })
  const row = rowOf(stored)
  const none = newSubject('user-1', 1, t0)

  test('is one set without a name, which can be removed', () => {
    expect(factor.held?.items(row, t0)).toEqual([
      {
        ...{ id: 'set-1', kind, name: '', usable: true },
        ...{ addedAt: stored.set?.addedAt, usedAt: t0 },
      },
    ])
    expect(factor.held?.items(none, t0)).toEqual([])
    expect(factor.held?.remove(stored, 'set-1')).toEqual(emptyPart)
    expect(factor.held?.remove(stored, 'set-2')).toBe(stored)
    expect(factor.held).not.toHaveProperty('rename')
  })

  test('only backs up a factor and does not count as one', () => {
    expect(factor.isBackup).toBe(true)
    expect(isHeldInRow({ factors: [factor] }, row)).toBe(false)
  })

  test('can be used as long as a code is left', async () => {
    const available = (used: number) =>
      factor.isAvailable('user-1', () => Promise.resolve(rowOf(partWith({ used }))))
    expect(await available(0b1111111110)).toBe(true)
    expect(await available(0b1111111111)).toBe(false)
    expect(await factor.isAvailable('user-1', () => Promise.resolve(none))).toBe(false)
  })

  test('is not listed if there is none', () => {
    expect(factor.facts?.(none, t0)).toEqual({})
  })

  test('reports each code that passes to operators, with how many are left', async () => {
    const answer = await factor.complete?.({
      ...{ user: 'user-1', subject: 'user-1', purpose: 'sign-in', locale: null },
      proof: { isTicket: false, left: 4 },
      isLoggedIn: () => Promise.resolve(true),
    })
    expect(answer).toMatchObject({ status: 'completed' })
    expect(rig.events).toMatchObject([
      { type: 'recovery_code_used', subject: 'user-1', left: 4, isTicket: false },
    ])
  })
})

describe('the options', () => {
  test.each([4, 17, 7.5, '10', null, NaN])('refuse %j as a count, and name it', (count) => {
    const error = errorOf({ count } as RecoveryCodesOptions)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ option: 'recoveryCodes.count' })
    expect(error.message).toContain('from 5 to 16')
  })

  test('refuse an unknown option', () => {
    const error = errorOf({ length: 8 } as RecoveryCodesOptions)
    expect(error).toMatchObject({ option: 'recoveryCodes.length' })
  })
})

function errorOf(options: RecoveryCodesOptions): Error {
  try {
    open(options)
  } catch (error) {
    return error as Error
  }
  throw new Error('the options were taken')
}

test('a code is accepted as typed, and anything else is malformed', () => {
  const { factor } = open()
  expect(factor.readEvidence({ code: (codes[0] ?? '').toLowerCase() })).toBe(codes[0])
  expect(readCode(codeAt(1))).toBe(codes[1])
  for (const fields of [null, {}, { code: 5 }, { code: '' }, { code: '123456' }, { code: ['A'] }]) {
    expect(factor.readEvidence(fields)).toMatchObject({ code: 'malformed_request' })
  }
})
