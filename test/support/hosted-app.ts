/** The test application with codes that Twilio owns: the real SDK against the stand-in, on one clock. */

import { twilioVerify, type TwilioVerifyOptions } from '../../src/adapters/twilio/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from './app.js'
import {
  startTwilioStandIn,
  type StandInFault,
  type TwilioStandIn,
  type TwilioStandInOptions,
} from './twilio-stand-in.js'
import { twilioError } from './twilio-stand-in-answers.js'
import type { StandInVerification } from './twilio-stand-in-verify.js'

type Choices = Pick<
  TwilioVerifyOptions,
  'channels' | 'codeLength' | 'rateLimits' | 'timeoutSeconds'
>

export interface HostedAppOptions extends Omit<TestAppOptions, 'sender' | 'verifier'> {
  readonly verify?: Choices
  readonly standIn?: Omit<TwilioStandInOptions, 'clock'>
}

export interface HostedApp extends TestApp {
  readonly twilio: TwilioStandIn
  /** The last verification of this user's phone. */
  verification(username: string): StandInVerification
  /** The requests to Twilio since the last call of this, by kind. */
  asked(): { start: Asked[]; check: Asked[]; cancel: string[] }
}

type Asked = Readonly<Record<string, string>>

export async function startHostedApp(options: HostedAppOptions = {}): Promise<HostedApp> {
  let clock = () => 0
  const twilio = await startTwilioStandIn({ ...options.standIn, clock: () => clock() })
  const { account, baseUrl, serviceSid } = twilio
  const verifier = twilioVerify({ ...account, baseUrl, serviceSid, ...options.verify })
  const app = await startTestApp({ ...options, verifier })
  clock = () => app.clock.now
  let seen = 0
  const verification = (username: string) => {
    const phone = app.users.find((user) => user.username === username)?.phone
    const found = twilio.verifications.findLast(({ to }) => to === phone)
    if (found === undefined) throw new Error(`nothing was started for ${username}`)
    return found
  }
  return {
    ...app,
    twilio,
    verification,
    codeFor: (username) => verification(username).code,
    asked() {
      const requests = twilio.requests.slice(seen)
      seen = twilio.requests.length
      const of = (path: RegExp) => requests.filter((request) => path.test(request.path))
      return {
        start: of(/\/Verifications$/).map(({ parameters }) => parameters),
        check: of(/\/VerificationCheck$/).map(({ parameters }) => parameters),
        cancel: of(/\/Verifications\/\w+$/).map(({ path }) => path.replace(/^.*\//, '')),
      }
    },
    async close() {
      await app.close()
      await twilio.close()
    },
  }
}

/** One of Twilio's errors, as the next answer. */
export function twilioFault(
  status: number,
  code: number,
  retryAfter?: string,
  message = 'as Twilio words it',
): StandInFault {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter }
  return { kind: 'answer', ...twilioError(status, code, message, headers) }
}
