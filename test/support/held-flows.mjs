/**
 * An authenticator app and recovery codes on a store, without HTTP and with a clock set by hand. Built from the
 * package's modules: tests pass those of `src`, and a worker process those of `dist`, as an application would use.
 */

/** Makes the function that makes them. The anchor is that of an application that always remembers. */
export function heldFlowsOf({ createSecondFactor, recoveryCodes, totp }) {
  return function heldFlows(store, now) {
    const secondFactor = createSecondFactor({
      secret: 'the races of held factors need a secret of 32 bytes',
      store,
      clock: () => now,
      storeTimeoutSeconds: 30,
      factors: [totp(), recoveryCodes()],
      users: { id: ({ id }) => id, hasFactors: () => true, setHasFactors: () => undefined },
    })
    return {
      secondFactor,
      /** Judges a code, and returns the refusal's code, or `passed`. */
      async judge(subject, { method, code }) {
        const answer = await secondFactor.verify({ id: subject }, code, { method })
        return answer.code ?? answer.status
      },
    }
  }
}
