/** Drives an account to its limits: dozens of wrong codes, and past each wait. */

import type { TestApp } from './app.js'
import type { Browser } from './browser.js'
import { wrongCode } from './codes.js'

/** Limits under which many failures fit into one password login. */
export const roomyPolicy = {
  maxAttempts: 10,
  sendsPerDay: 1000,
  resendLadderSeconds: [1],
  pendingSeconds: 3600,
}

/** Fails so often at the user's challenges, and asks for a new one whenever the budget of one is spent. */
export async function failTimes(
  app: TestApp,
  browser: Browser,
  username: string,
  times: number,
): Promise<void> {
  for (let failed = 0; failed < times;) {
    const code = wrongCode(app.codeFor(username))
    const answer = await browser.post('/second-factor/verify', { code })
    if (answer.json['code'] === 'code_incorrect') {
      failed += 1
    } else {
      app.clock.advance(Number(answer.json['retryAfterSeconds'] ?? 0))
      const asked = await browser.post('/second-factor/challenge')
      if (asked.status !== 201) throw new Error(`could not fail on: ${asked.text}`)
    }
  }
}
