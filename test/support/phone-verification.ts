/** The test application with the phone endpoints without a login at `/otp`. */

import type { SecondFactorOptions, StateStore } from '../../src/index.js'
import { startTestApp, testUsers, type TestApp, type TestAppOptions, type TestUser } from './app.js'
import type { Answer, Browser } from './browser.js'

/** A phone that erin has given and not verified. */
export const erins = '+14155550123'

/** A phone that nobody has. */
export const nobodys = '+33612345678'

export interface PhoneApp extends TestApp {
  /** A client without cookies. */
  readonly client: Browser
  /** Phones by which users were looked up. */
  readonly lookups: string[]
  /** Phones that the application was asked to keep, and whose they are. */
  readonly verified: { readonly username: string; readonly phone: string }[]
  generate(phone?: string): Promise<Answer>
  verify(otp: string, phone?: string): Promise<Answer>
  /** The code of the last message to this phone. */
  codeTo(phone?: string): string
}

type Directory = SecondFactorOptions<TestUser>['users']

export interface PhoneAppOptions extends Pick<TestAppOptions, 'sender'> {
  readonly policy?: SecondFactorOptions<TestUser>['policy']
  readonly message?: SecondFactorOptions<TestUser>['message']
  readonly phone?: SecondFactorOptions<TestUser>['phone']
  readonly store?: StateStore
  readonly limits?: SecondFactorOptions<TestUser>['limits']
  readonly users?: Partial<Directory>
}

export async function startPhoneApp(options: PhoneAppOptions = {}): Promise<PhoneApp> {
  const { sender, users, ...others } = options
  const people = testUsers()
  const lookups: string[] = []
  const verified: PhoneApp['verified'] = []
  const directory: Directory = {
    id: (user) => user.id,
    phone: (user) => user.phone && { number: user.phone, verified: user.verified },
    findByPhone(phone) {
      lookups.push(phone)
      return people.find((user) => user.phone === phone)
    },
    async setVerifiedPhone({ username }, phone) {
      await Promise.resolve()
      verified.push({ username, phone })
    },
    ...users,
  }
  const app = await startTestApp({
    ...(sender ? { sender } : {}),
    secondFactor: { ...others, users: directory },
    routes(express, secondFactor) {
      express.use('/otp', secondFactor.phoneVerificationRouter())
    },
  })
  const client = app.browser()
  return {
    ...{ ...app, client, lookups, verified },
    generate: (phone = erins) => client.post('/otp/generate/', { phone_number: phone }),
    verify: (otp, phone = erins) => client.post('/otp/verify/', { phone_number: phone, otp }),
    codeTo: (phone = erins) => app.inbox.inbox(phone)[0]?.code ?? '',
  }
}
