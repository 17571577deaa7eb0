/** `limits` shows operators how much of the limits on messages is used, and `forget-phone` deletes what is counted. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openCommandLine, type CommandLine } from '../support/command-line.js'

const config = `
import { consoleSender, createSecondFactor, memoryCounts, memoryStore } from 'passport-second-factor'

const counts = memoryCounts()
const bucket = Math.floor(Date.now() / 600_000) - 2
const add = (counter, units) => counts.add([{ counter, units, bucket, keepUntil: bucket + 3_000 }])
await add('~~', 10)
await add('~$', 31_200_000)
await add('~c:CM', 3)
await add('~c:CM|s', 4)
await add('~c:CM|v', 3)
await add('p:+23767123', 20)

const forgotten = []
const forget = counts.forget
counts.forget = (counters) => {
  forgotten.push(...counters.map((counter) => counter.slice(0, 2)))
  return forget(counters)
}

const limits = {
  counts,
  rules: {
    application: { perDay: 10 },
    spend: { perDay: 40, currency: 'USD', price: { '*': 0.1 } },
    country: { only: { CM: { perDay: 100 } } },
  },
}

export default () => {
  const secondFactor = createSecondFactor({
    secret: 'Hq3xV0pZ7bNw1LkT9sRj2mYc8fUe5dGa', store: memoryStore(),
    sender: consoleSender({ print: () => undefined }),
    users: { id: (user) => user.id, phone: (user) => user.phone },
    ...(process.env.WITHOUT === '1' ? {} : { limits }),
  })
  return { secondFactor, close: async () => { if (process.env.SHOW === '1') console.error(forgotten.join(' ')) } }
}
`

let line: CommandLine
beforeAll(() => {
  line = openCommandLine(config)
})
afterAll(() => {
  line.close()
})

describe('limits', () => {
  test('shows what is used, what is full and the country codes', async () => {
    const shown = await line.run(['limits', '--prefix', '+23767123', '--country', 'IN'])
    expect([shown.code, shown.error]).toEqual([0, ''])
    expect(shown.out.split('\n')).toEqual([
      'rule         counter      window  used       limit',
      'application  ~~           day     10         10         FULL',
      'application  ~~n          day     0          5',
      'spend        ~$           day     31.20 USD  40.00 USD',
      'spend        ~$n          day     0.00 USD   20.00 USD',
      'country      ~c:CM        day     3          100',
      'prefix       p:+23767123  hour    20         20         FULL',
      'prefix       p:+23767123  day     20         50',
      'country  sent in 24 h  verified  share',
      'CM       4             3         75 %',
      'IN       0             0         -',
      '',
    ])
  })

  test('prints the same as JSON', async () => {
    expect(await line.json(['limits', '--hours', '2'])).toMatchObject({
      hours: 2,
      countries: [{ country: 'CM', sent: 4, verified: 3 }],
    })
  })

  test('refuses hours before the counts start', async () => {
    const error = '--hours takes a whole number from 1 to 336\n'
    expect(await line.run(['limits', '--hours', '400'])).toEqual({ code: 2, out: '', error })
  })

  test('says so if there are no limits', async () => {
    const ran = await line.run(['limits'], { WITHOUT: '1' })
    expect(ran).toMatchObject({
      code: 1,
      error: 'the second factor has no limits; set the option limits\n',
    })
  })
})

describe('forget-phone', () => {
  const phone = '+237 671-234-567'
  const by = ['--by', 'maria', '--reason', 'request 4711']

  test('deletes the counts of the phone, and reports it masked', async () => {
    const ran = await line.run(['forget-phone', phone, ...by, '--yes'], { SHOW: '1' })
    expect(ran).toEqual({
      code: 0,
      out: 'forgot ••••67: counts that it shares with other phones stay\n',
      error: 'n: N: n: n:\n',
    })
    const json = await line.json(['forget-phone', phone, ...by, '--yes'])
    expect(json).toEqual({
      ...{ phone: '••••67', done: 'forgetPhone', actor: 'maria', reason: 'request 4711' },
    })
  })

  test.each([
    ['--by', ['--reason', 'request 4711']],
    ['--reason', ['--by', 'maria']],
  ])('deletes nothing without %s', async (option, others) => {
    const ran = await line.run(['forget-phone', phone, '--yes', ...others], { SHOW: '1' })
    expect(ran.code).toBe(2)
    expect(ran.error).toBe(
      `\ngive ${option}, with at most 200 characters and without control characters\n`,
    )
  })

  test('deletes nothing without --yes where nobody can be asked', async () => {
    const ran = await line.run(['forget-phone', phone, ...by], { SHOW: '1' })
    const error = '\nthere is no terminal to ask at: add --yes\n'
    expect(ran).toEqual({ code: 2, out: '', error })
  })

  test('refuses what is no phone in international form', async () => {
    const ran = await line.run(['forget-phone', '671234567', ...by, '--yes'])
    const error = '<phone> takes a phone in international form, such as +237671234567\n'
    expect(ran).toEqual({ code: 2, out: '', error })
  })

  test('says so if there are no limits', async () => {
    const ran = await line.run(['forget-phone', phone, ...by, '--yes'], { WITHOUT: '1' })
    expect(ran.code).toBe(3)
    expect(ran.error).toContain('forgetPhone() needs the option limits')
  })
})
