/**
 * Operator actions in the program: it asks for confirmation, an actor and a reason, and records them in the history.
 */

import { describe, expect, test } from 'vitest'

import { memoryAudit, totp } from '../../src/index.js'
import type { TestUser } from '../support/app.js'
import { commandsHere, type RunHere } from '../support/command-here.js'
import { openHeadless, type Headless } from '../support/headless.js'

const secret = 'Hq3xV0pZ7bNw1LkT9sRj2mYc8fUe5dGa'
const why = ['--by', 'maria', '--reason', 'ticket 4711']

function openOperators(): { readonly headless: Headless; readonly here: RunHere } {
  const options = {
    ...{ secret, audit: memoryAudit(), factors: [totp()] },
    users: {
      id: ({ id }: TestUser) => id,
      phone: ({ phone }: TestUser) => phone,
      findByPhone: (phone: string) => (phone === headless.alice.phone ? headless.alice : null),
      ...{ hasFactors: () => false, setHasFactors: () => undefined },
    },
  }
  const headless = openHeadless(options)
  const { secondFactor, alice, store } = headless
  const findUser = (id: string) => (id === '1' ? alice : null)
  return {
    headless,
    here: commandsHere({ secondFactor, findUser, options: { ...options, store } }),
  }
}

describe.each(['unlock', 'reset', 'revoke'])('%s', (command) => {
  test.each(['', 'n', 'no', 'yesterday'])('does nothing if the answer is %j', async (answer) => {
    const { here, headless } = openOperators()
    const ran = await here([command, '1', ...why], answer)
    expect(ran).toMatchObject({ code: 1, out: '', error: 'nothing was done\n' })
    expect(ran.asked).toEqual([expect.stringMatching(/ 1\? \[y\/N\] $/)])
    expect(await headless.secondFactor.history(headless.alice)).toEqual([])
  })

  test.each(['y', 'YES '])('proceeds if the answer is %j', async (answer) => {
    const { here, headless } = openOperators()
    expect((await here([command, '1', ...why], answer)).code).toBe(0)
    const [entry] = await headless.secondFactor.history(headless.alice)
    expect(entry).toMatchObject({ actor: 'maria', reason: 'ticket 4711', outcome: 'done' })
  })

  test('needs --yes without a terminal', async () => {
    const { here, headless } = openOperators()
    const ran = await here([command, '1', ...why])
    expect([ran.code, ran.error]).toEqual([2, expect.stringContaining('add --yes')])
    expect(await headless.secondFactor.history(headless.alice)).toEqual([])
    expect((await here([command, '1', ...why, '--yes'])).code).toBe(0)
  })

  test('refuses an actor or a reason with terminal control characters', async () => {
    const { here } = openOperators()
    for (const words of [
      ['--by', 'maria\u001b[2J', '--reason', 'x'],
      ['--by', 'maria', '--reason', 'a\nb'],
    ]) {
      const ran = await here([command, '1', ...words, '--yes'])
      expect(ran.code).not.toBe(0)
      expect([ran.code, ran.asked]).toEqual([2, []])
      expect(ran.error).toContain('without control characters')
      expect(ran.error).not.toContain('\u001b')
    }
  })

  test('is refused with exit code 3 while the audit log is down, and says so', async () => {
    const down = openHeadless({
      audit: { ...memoryAudit(), append: () => Promise.reject(new Error('root:hunter2@db')) },
    })
    const { secondFactor, alice } = down
    const here = commandsHere({ secondFactor, findUser: () => alice })
    const ran = await here([command, '1', ...why, '--yes'])
    expect([ran.code, ran.out]).toEqual([3, ''])
    expect(ran.error).toContain('audit_unavailable: the audit log failed')
    expect(ran.error).not.toContain('hunter2')
    expect(await down.store.read('1')).toBeNull()
  })
})

test('JSON has no control characters, and the same text', async () => {
  const { headless } = openOperators()
  const name = '\u009b2K\u202e\u2028\u{e0041} app'
  const factor = { id: 'f1', kind: 'totp', name, addedAt: 0, usedAt: null, usable: true }
  const listFactors = () => Promise.resolve([factor])
  const here = commandsHere({ secondFactor: { ...headless.secondFactor, listFactors } })
  const { out } = await here(['status', '42', '--json'])
  expect(out.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u)
  expect(JSON.parse(out)).toMatchObject({ factors: [factor] })
})

describe('a phone instead of an id', () => {
  test('is shown masked where ids are phones, too', async () => {
    const { headless } = openOperators()
    const { secondFactor, alice } = headless
    const here = commandsHere({
      secondFactor,
      findUser: (id: string) => (id === alice.phone ? alice : null),
    })
    const phone = alice.phone ?? ''
    for (const words of [
      ['status', phone],
      ['unlock', phone, ...why],
      ['history', phone, '--json'],
      ['status', '+237699999999'],
    ]) {
      const { out, error, asked } = await here(words, 'y')
      expect([out, error, ...asked].join()).toMatch(/••••\d\d/)
      expect([out, error, ...asked].join()).not.toMatch(/2376\d/)
    }
  })

  test('finds its user, however it is spaced, and is shown masked', async () => {
    const { here, headless } = openOperators()
    const { phone } = headless.alice
    const spaced = `${phone?.slice(0, 4)} ${phone?.slice(4, 8)}-${phone?.slice(8)}`
    const { code, out } = await here(['status', '--phone', spaced])
    expect([code, out]).toEqual([0, expect.stringMatching(/^user +••••\d\d$/m)])
    await here(['unlock', '--phone', phone ?? '', ...why, '--yes'])
    const history = await here(['history', '--phone', phone ?? ''])
    expect(history.out).toMatch(/reset +scope attempts, by maria: ticket 4711/)
    for (const text of [out, history.out]) expect(text).not.toContain(phone)
  })

  test.each([
    ['nobody has', '+237699999999', 1, 'there is no user with the phone ••••99'],
    ['is none', '12345', 2, '--phone takes a phone in international form'],
  ])('that %s is refused', async (_title, phone, code, message) => {
    const { here } = openOperators()
    const ran = await here(['status', '--phone', phone])
    expect([ran.code, ran.error]).toEqual([code, expect.stringContaining(message)])
    expect(ran.error).not.toContain('+237699999999')
  })

  test('cannot be combined with an id, and needs findByPhone', async () => {
    const { here } = openOperators()
    expect((await here(['status', '1', '--phone', '+237671234567'])).code).toBe(2)
    const { secondFactor } = openHeadless()
    const bare = await commandsHere({ secondFactor })(['status', '--phone', '+237671234567'])
    expect([bare.code, bare.error]).toEqual([1, expect.stringContaining('users.findByPhone')])
  })
})

describe('history', () => {
  test('shows the newest first and where the next page starts', async () => {
    const { here, headless } = openOperators()
    for (const reason of ['first', 'second', 'third']) {
      await headless.secondFactor.expire(headless.alice, { actor: 'maria', reason })
    }
    const { out } = await here(['history', '1', '--limit', '2'])
    expect(out).toMatch(/maria: third\n.*maria: second\nolder entries: --before [0-9A-Z]{26}\n$/)
    const before = /--before (\w+)/.exec(out)?.[1] ?? ''
    const { out: older } = await here(['history', '1', '--before', before, '--json'])
    expect(JSON.parse(older)).toMatchObject({ user: '1', entries: [{ reason: 'first' }] })
  })

  test('shows what was refused, and actions without a recorded outcome', async () => {
    const { here, headless } = openOperators()
    await headless.secondFactor.removeFactor(headless.alice, 'x', { actor: 'maria', reason: 'r' })
    const { out } = await here(['history', '1'])
    expect(out).toMatch(/factor_removed {6}REFUSED, id x, code factor_not_enrolled, by maria: r$/m)
    expect((await here(['history', 'tel:+14155550199'])).out).toBe('no entries for tel:••••99\n')
  })

  test.each([
    ['a limit that is none', ['--limit', 'all'], 2],
    ['a limit above 500', ['--limit', '501'], 2],
    ['an id that is none', ['--before', 'x'], 2],
  ])('refuses %s', async (_title, words, code) => {
    const { here } = openOperators()
    expect((await here(['history', '1', ...words])).code).toBe(code)
  })

  test('says what is missing if nothing is audited', async () => {
    const { secondFactor } = openHeadless()
    const ran = await commandsHere({ secondFactor })(['history', '1'])
    expect([ran.code, ran.error]).toEqual([3, expect.stringContaining('needs the option audit')])
  })
})

describe('secrets', () => {
  const [old, fresh] = [
    'old-secret-of-at-least-32-bytes-0123',
    'new-secret-of-at-least-32-bytes-4567',
  ]
  const counting = (uses: unknown, secrets: readonly string[] = [fresh, old]) =>
    commandsHere({
      secondFactor: {
        status: () => undefined,
        secretsInUse: () => Promise.resolve(uses),
      },
      secret: secrets,
    })
  const use = (role: string, challenges: number, seals: number) => {
    return { id: `${role}00000`, role, challenges, seals }
  }

  test.each([
    ['is begun', [use('issues', 3, 9)], 0, 'Step 1, to replace it: make one with new-secret'],
    ['waits for codes', [use('issues', 3, 9), use('verifies', 1, 9)], 0, 'Step 2: wait'],
    ['waits for factors', [use('issues', 3, 9), use('verifies', 0, 2)], 0, 'Step 3: call'],
    ['may be ended', [use('issues', 3, 9), use('verifies', 0, 0)], 0, 'Step 4: '],
    ['has lost a secret', [use('issues', 3, 9), use('missing', 0, 2)], 1, 'put it back'],
    ['cannot be counted', null, 0, 'This store cannot count'],
  ])('describes how to continue a rotation that %s', async (_title, uses, code, next) => {
    const ran = await counting(uses)(['secrets'])
    expect([ran.code, ran.out]).toEqual([code, expect.stringContaining(next)])
    for (const secret of [old, fresh]) expect(ran.out).not.toContain(secret)
  })

  test('counts what needs each secret', async () => {
    const { out } = await counting([use('issues', 3, 9), use('verifies', 1, 2)])(['secrets'])
    expect(out).toMatch(
      /^verifies00000 +only verifies +needed by 1 codes, and by factors of 2 users$/m,
    )
  })
})
