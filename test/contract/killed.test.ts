/** A process killed at the worst moment leaves at most one live code, and no failure uncounted. */

import { describe, expect, test } from 'vitest'

import { after } from '../../src/core/state.js'
import type { StateStore } from '../../src/ports/state-store.js'
import {
  baseAt,
  contractFlows,
  freshSubject,
  wrongCode,
} from '../../src/testing/contract-fixtures.js'
import { inProcess } from '../support/processes.js'
import { sharedStores } from '../support/shared-stores.js'

/** The code of the running challenge, or `null`. */
async function runningCode(store: StateStore, subject: string): Promise<string | null> {
  const { keys, context } = contractFlows(store)
  const challenge = (await store.read(subject))?.challenge ?? null
  return challenge === null ? null : keys.derive(subject, challenge, context.policy.codeLength)
}

for (const { name, store, address } of await sharedStores('sf_killed')) {
  describe(`a process on ${name} killed`, () => {
    test('between reading and writing a start leaves no code', async () => {
      const subject = freshSubject('start')
      const dieAt = 'before the write'
      const { told } = await inProcess({ job: 'startAndDie', store: address, subject, dieAt })
      expect(told).toEqual([])
      expect(await store.read(subject)).toBe(null)
    })

    test.each([
      ['between writing and sending', 'before the send', 0],
      ['between sending and answering', 'after the send', 1],
    ])(
      '%s leaves one code, and the next start leaves one as well',
      async (_when, dieAt, messages) => {
        const subject = freshSubject('start')
        const { told } = await inProcess({ job: 'startAndDie', store: address, subject, dieAt })
        expect(told.length).toBe(messages)
        const first = await runningCode(store, subject)
        expect(first).not.toBe(null)
        if (messages > 0) expect(told).toEqual([first])

        const flows = contractFlows(store)
        await flows.start(subject)
        expect(flows.sent).toEqual([])
        flows.setNow(after(baseAt, flows.context.policy.resendLadderSeconds[0] ?? 0))
        await flows.start(subject)
        expect(flows.sent.length).toBe(1)
        expect(flows.sent).toEqual([await runningCode(store, subject)])
        expect(await flows.guess(subject, first ?? '')).toBe('code_incorrect')
        expect(await flows.guess(subject, flows.sent[0] ?? '')).toBe('passed')
      },
    )

    test.each([
      ['before its failure was written told nobody anything', 'before the write', 0],
      ['after its failure was written has it counted', 'after the write', 1],
    ])('in a wrong guess, %s', async (_what, dieAt, failures) => {
      const flows = contractFlows(store)
      const subject = freshSubject('guess')
      await flows.start(subject)
      const right = flows.sent[0] ?? ''
      const code = wrongCode(right)
      const { told } = await inProcess({ job: 'guessAndDie', store: address, subject, code, dieAt })
      expect(told).toEqual([])
      const state = await store.read(subject)
      expect(state?.failures).toBe(failures)
      expect(state?.challenge?.attempts).toBe(failures)
      expect(await flows.guess(subject, right)).toBe('passed')
    })

    test.each([
      ['between reading and writing leaves the code before it', 'before the write', true],
      ['between writing and sending leaves only its own', 'before the send', false],
      ['between sending and answering leaves only its own', 'after the send', false],
    ])('in a start that replaces a running code, %s', async (_what, dieAt, isFirstAlive) => {
      const flows = contractFlows(store)
      const subject = freshSubject('replaced')
      await flows.start(subject)
      const first = flows.sent[0] ?? ''
      const now = after(baseAt, flows.context.policy.resendLadderSeconds[0] ?? 0)
      const job = { job: 'startAndDie', store: address, subject, dieAt, now }
      const { told } = await inProcess(job)
      const running = await runningCode(store, subject)
      expect(running === first).toBe(isFirstAlive)
      expect(told).toEqual(dieAt === 'after the send' ? [running] : [])
      if (!isFirstAlive) expect(await flows.guess(subject, first)).toBe('code_incorrect')
      expect(await flows.guess(subject, running ?? '')).toBe('passed')
    })

    test('before a right guess was written, the code is as good as it was, once', async () => {
      const flows = contractFlows(store)
      const subject = freshSubject('right')
      await flows.start(subject)
      const code = flows.sent[0] ?? ''
      const dieAt = 'before the write'
      await inProcess({ job: 'guessAndDie', store: address, subject, code, dieAt })
      expect(await flows.guess(subject, code)).toBe('passed')
      expect(await flows.guess(subject, code)).toBe('no_challenge')
      expect((await store.read(subject))?.grants.length).toBe(1)
    })

    test('after a right guess was written, the code passes no second time', async () => {
      const flows = contractFlows(store)
      const subject = freshSubject('right')
      await flows.start(subject)
      const code = flows.sent[0] ?? ''
      const dieAt = 'after the write'
      await inProcess({ job: 'guessAndDie', store: address, subject, code, dieAt })
      expect(await flows.guess(subject, code)).toBe('no_challenge')
    })
  })
}
