/** A process killed at the worst moment leaves at most one valid code, and no failure uncounted. */

import { describe, expect, test } from 'vitest'

import { after } from '../../src/core/state.js'
import { baseAt, freshSubject } from '../../src/testing/contract-fixtures.js'
import { wrongCode } from '../support/codes.js'
import { phoneFlows } from '../support/phone-in-process.js'
import { inProcess } from '../support/processes.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { sharedStores } from '../support/shared-stores.js'

for (const { name, store, address } of await sharedStores('sf_killed')) {
  describe(`a process on ${name} killed`, () => {
    test('between reading and writing a start leaves no code', async () => {
      const subject = freshSubject('start')
      const dieAt = 'before the write'
      const { reported } = await inProcess({ job: 'startAndDie', store: address, subject, dieAt })
      expect(reported).toEqual([])
      expect(await store.read(subject)).toBe(null)
    })

    test.each([
      ['between writing and sending', 'before the send', 0],
      ['between sending and answering', 'after the send', 1],
    ])(
      '%s leaves one code, and the next start leaves one as well',
      async (_when, dieAt, messages) => {
        const flows = phoneFlows(store)
        const subject = freshSubject('start')
        const { reported } = await inProcess({ job: 'startAndDie', store: address, subject, dieAt })
        expect(reported.length).toBe(messages)
        const first = await flows.runningCode(subject)
        expect(first).not.toBe(null)
        if (messages > 0) expect(reported).toEqual([first])

        await flows.start(subject)
        expect(flows.sent).toEqual([])
        flows.setNow(after(baseAt, flows.policy.resendLadderSeconds[0] ?? 0))
        await flows.start(subject)
        expect(flows.sent.length).toBe(1)
        expect(flows.sent).toEqual([await flows.runningCode(subject)])
        expect(await flows.guess(subject, first ?? '')).toBe('code_incorrect')
        expect(await flows.guess(subject, flows.sent[0] ?? '')).toBe('passed')
      },
    )

    test.each([
      ['before its failure was written returned nothing to anybody', 'before the write', 0],
      ['after its failure was written has it counted', 'after the write', 1],
    ])('in a wrong guess, %s', async (_what, dieAt, failures) => {
      const flows = phoneFlows(store)
      const subject = freshSubject('guess')
      await flows.start(subject)
      const right = flows.sent[0] ?? ''
      const code = wrongCode(right)
      const job = { job: 'guessAndDie', store: address, subject, code, dieAt }
      const { reported } = await inProcess(job)
      expect(reported).toEqual([])
      const row = await rowOf(store, subject)
      expect(row.failures).toBe(failures)
      expect(phoneOf(row).challenge?.attempts).toBe(failures)
      expect(await flows.guess(subject, right)).toBe('passed')
    })

    test.each([
      ['between reading and writing leaves the code before it', 'before the write', true],
      ['between writing and sending leaves only its own', 'before the send', false],
      ['between sending and answering leaves only its own', 'after the send', false],
    ])('in a start that replaces a pending code, %s', async (_what, dieAt, isFirstAlive) => {
      const flows = phoneFlows(store)
      const subject = freshSubject('replaced')
      await flows.start(subject)
      const first = flows.sent[0] ?? ''
      const now = after(baseAt, flows.policy.resendLadderSeconds[0] ?? 0)
      const job = { job: 'startAndDie', store: address, subject, dieAt, now }
      const { reported } = await inProcess(job)
      const running = await flows.runningCode(subject)
      expect(running === first).toBe(isFirstAlive)
      expect(reported).toEqual(dieAt === 'after the send' ? [running] : [])
      if (!isFirstAlive) expect(await flows.guess(subject, first)).toBe('code_incorrect')
      expect(await flows.guess(subject, running ?? '')).toBe('passed')
    })

    test('before a right guess was written, the code is still good once', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('right')
      await flows.start(subject)
      const code = flows.sent[0] ?? ''
      const dieAt = 'before the write'
      await inProcess({ job: 'guessAndDie', store: address, subject, code, dieAt })
      expect(await flows.guess(subject, code)).toBe('passed')
      expect(await flows.guess(subject, code)).toBe('no_challenge')
      expect((await rowOf(store, subject)).grants.length).toBe(1)
    })

    test('after a right guess was written, the code does not pass again', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('right')
      await flows.start(subject)
      const code = flows.sent[0] ?? ''
      const dieAt = 'after the write'
      await inProcess({ job: 'guessAndDie', store: address, subject, code, dieAt })
      expect(await flows.guess(subject, code)).toBe('no_challenge')
      expect((await rowOf(store, subject)).grants.length).toBe(1)
    })
  })
}
