/**
 * The phone's own flows on a store, with the default limits, a clock set by hand, and a sender that only records.
 * Built from the package's modules: tests pass those of `src`, and a worker process those of `dist`, as an application
 * would use.
 */

const destination = '+237671234567'

/** Makes the function that makes flows on a store. `onSend` may hold a message up, or the process with it. */
export function phoneFlowsOf(modules) {
  const { baseAt, createKeyRing, deriveCode, isRefusal, partOf } = modules
  const { phoneFactor, resolvePolicy, startChallenge, toolsOf, verify } = modules

  return function phoneFlows(store, onSend = () => Promise.resolve()) {
    const sent = []
    let now = baseAt
    const policy = resolvePolicy()
    const ring = createKeyRing('the races of the phone need a secret of 32 bytes')
    const factors = []
    const context = {
      policy,
      store,
      factors,
      clock: () => now,
      keys: () => ring,
      storeTimeoutSeconds: 30,
    }
    const sender = {
      channel: 'sms',
      async send({ code }) {
        sent.push(code.reveal())
        await onSend(code.reveal())
        return { status: 'sent' }
      },
    }
    const users = { id: ({ id }) => id, phone: () => destination }
    const tools = toolsOf(context, { appName: '' })
    const phone = phoneFactor({ sender, users }, tools)
    factors.push(phone.factor)
    const codeOf = (subject, challenge) => deriveCode(ring, subject, challenge, policy.codeLength)

    return {
      policy,
      sent,
      setNow(instant) {
        now = instant
      },
      start(subject) {
        const request = { subject, purpose: 'sign-in', destination, locale: null, sessionKey: null }
        return startChallenge(phone.context, request)
      },
      async guess(subject, code) {
        const answer = await verify(context, {
          ...{ subject, factor: phone.factor, evidence: code, purpose: 'sign-in' },
          sessionKey: undefined,
          holder: { replacedGrantId: null },
        })
        return isRefusal(answer) ? answer.code : answer.status
      },
      async runningCode(subject) {
        const row = await store.read(subject)
        const challenge = row === null ? null : partOf(row).challenge
        return challenge === null ? null : codeOf(subject, challenge)
      },
    }
  }
}
