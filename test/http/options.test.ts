/** Options are checked once, at construction; the error names the option and the remedy. */

import { describe, expect, test } from 'vitest'

import {
  ConfigurationError,
  consoleSender,
  createSecondFactor,
  memoryStore,
  type SecondFactorOptions,
} from '../../src/index.js'
import { startTestApp } from '../support/app.js'

interface Person {
  readonly id: number
  readonly username: string
  readonly phone: string
}

const good: SecondFactorOptions<Person> = {
  secret: 'a secret of at least thirty-two bytes',
  store: memoryStore(),
  sender: consoleSender({ print: () => undefined }),
  users: { id: (user) => user.id, phone: (user) => user.phone },
}

/** The error thrown for these options, merged over valid ones. */
function thrown(options: object): unknown {
  try {
    createSecondFactor<Person>({ ...good, ...options })
  } catch (error) {
    return error
  }
  return undefined
}

test('valid options throw nothing and do nothing yet', () => {
  expect(thrown({})).toBeUndefined()
})

test.each<[string, object, RegExp]>([
  [
    'an unknown option',
    { sercet: 'x' },
    /^createSecondFactor: sercet is not an option; the options are sender, .*secret, store/,
  ],
  ['no secret', { secret: undefined }, /^secret: each secret needs at least 32 bytes/],
  ['a short secret', { secret: 'x'.repeat(31) }, /^secret: each secret needs at least 32 bytes/],
  ['a short second secret', { secret: ['x'.repeat(32), 'x'] }, /^secret: each secret needs/],
  ['an empty ring', { secret: [] }, /^secret must be a string, or an array/],
  [
    'no store',
    { store: undefined },
    /^store must have read\(\), compareAndSwap\(\), delete\(\); give seq/,
  ],
  ['half a store', { store: { read: () => null } }, /^store must have read/],
  [
    'no sender',
    { sender: undefined },
    /^no factor is configured: give a sender, such as twilioSender/,
  ],
  ['half a sender', { sender: { channel: 'sms' } }, /^sender needs send; give twilioSender/],
  ['no senders', { sender: [] }, /^sender/],
  ['no users', { users: undefined }, /^users must have id\(\); give \{ id:/],
  ['a phone that is no callback', { users: { id: () => 1, phone: '+1' } }, /^users\.phone must be/],
  ['users whose lost rows nobody would notice', { users: { id: () => 1 } }, /^users\.hasFactors/],
  [
    'a callback about users that nobody calls',
    { users: { id: () => 1, phone: () => null, isRequred: () => false } },
    /^users: isRequred is not an option; the options are phone, .*, id, locale, isRequired, label/,
  ],
  ['a method of no logout', { logoutMethod: 'get' }, /^logoutMethod must be 'GET' or 'POST'/],
  ['events that hear nothing', { events: {} }, /^events must have emit\(\)/],
  ['a limit nobody knows', { policy: { digit: 6 } }, /^policy: digit is not an option/],
  [
    'a limit out of bounds',
    { policy: { codeLength: 5 } },
    /^policy\.codeLength is 5; set it to a number/,
  ],
  ['a country nobody knows', { phone: { allowedCountries: ['XX'] } }, /^phone\.allowedCountries/],
  ['a template without the code', { message: { template: () => 'hello' } }, /^message\.template/],
  ['a mount path elsewhere', { mountPath: '//evil.example' }, /^mountPath must be a path/],
  ['a mount path that is none', { mountPath: 5 }, /^mountPath must be a path/],
  ['a login page elsewhere', { loginPath: 'https://evil.example' }, /^loginPath must be a path/],
  ['a return path elsewhere', { defaultReturnTo: '/\\evil' }, /^defaultReturnTo must be a path/],
  ['an origin with a path', { origins: ['https://a.example/app'] }, /^origins holds "https:\/\/a/],
  ['an origin without a scheme', { origins: ['a.example'] }, /^origins holds "a\.example"/],
  ['any origin', { origins: ['*'] }, /^origins holds "\*"/],
  ['the origin null', { origins: ['null'] }, /^origins holds "null"/],
  ['an origin of another scheme', { origins: ['ftp://a.example'] }, /^origins holds "ftp:/],
  ['origins that are no list', { origins: 'https://a.example' }, /^origins must be an array/],
  ['an origin that is no string', { origins: [5] }, /^origins holds 5/],
  ['a cache for longer', { grantCacheSeconds: 61 }, /^grantCacheSeconds must be .* from 0 to 60/],
  ['a cache of NaN', { grantCacheSeconds: NaN }, /^grantCacheSeconds must be/],
  ['no time for the store', { storeTimeoutSeconds: 0 }, /^storeTimeoutSeconds must be a number/],
  [
    'a time that is a string',
    { storeTimeoutSeconds: '5' },
    /^storeTimeoutSeconds must be a number/,
  ],
  [
    'a view nobody knows',
    { pages: { views: { chalenge: 'x' } } },
    /^pages\.views: chalenge is not an option; the options are challenge, phone, message$/,
  ],
  [
    'a view that is no name',
    { pages: { views: { challenge: 5 } } },
    /^pages\.views\.challenge must be the name/,
  ],
  ['a logout page elsewhere', { logoutPath: '//evil' }, /^logoutPath must be a path/],
  ['an option nobody knows', { pages: { colour: 'x' } }, /^pages: colour is not an option/],
  ['a style elsewhere', { pages: { stylesheet: '//a' } }, /^pages\.stylesheet must be a path/],
  [
    'a logo elsewhere',
    { pages: { logo: { path: 'https://a.example/a.png', width: 1, height: 1 } } },
    /^pages\.logo\.path must be a path/,
  ],
  ['a logo of no size', { pages: { logo: { path: '/a.png' } } }, /^pages\.logo needs width and/],
  ['texts of no language', { pages: { texts: { '!': {} } } }, /^pages\.texts holds "!"/],
  ['a text nobody reads', { pages: { texts: { it: { x: 'y' } } } }, /^pages\.texts\.it\.x is not/],
  [
    'a text that is none',
    { pages: { texts: { it: { code: 5 } } } },
    /^pages\.texts\.it\.code must/,
  ],
  [
    'a text of a group that is none',
    { pages: { texts: { it: { refusals: 'no' } } } },
    /^pages\.texts\.it\.refusals must be an object of strings/,
  ],
  ['a language without texts', { pages: { defaultLocale: 'it' } }, /^pages\.defaultLocale is "it"/],
  ['a clock that stands', { clock: 0 }, /^clock must be a function/],
  ['a name that is empty', { strategyName: '' }, /^strategyName must be a non-empty string/],
  ['an application name that is none', { appName: 5 }, /^appName must be one line of text/],
])('%s is refused', (_name, options, message) => {
  const error = thrown(options)
  expect(error).toBeInstanceOf(ConfigurationError)
  expect(error).toMatchObject({
    ...{ code: 'configuration_invalid', name: 'ConfigurationError' },
    message: expect.stringMatching(message) as string,
  })
})

test('users may be a class instance with other members than the callbacks', () => {
  class Directory {
    readonly database = 'its own'
    readonly id = (user: Person) => user.id
    phone() {
      return null
    }
  }
  expect(thrown({ users: new Directory() })).toBeUndefined()
})

test('an id that is an object gets an error that says how to convert it to a string', () => {
  const id = { toHexString: () => '507f1f77bcf86cd799439011' }
  const secondFactor = createSecondFactor<Person>({
    ...good,
    users: { ...good.users, id: () => id as never },
  })
  const person = { id: 1, username: 'alice', phone: '' }
  expect(() => secondFactor.status(person)).toThrow(
    /of an ObjectId of MongoDB, users: \{ id: \(user\) => String\(user\._id\) \}$/,
  )
})

test.each<[object, string]>([
  [{ secret: 'x' }, 'secret'],
  [{ store: {} }, 'store'],
  [{ users: { id: () => 1 } }, 'users.hasFactors'],
  [{ users: { id: () => 1, fone: () => null } }, 'users.fone'],
  [{ mountPath: '//evil.example' }, 'mountPath'],
  [{ pages: { views: { challenge: 5 } } }, 'pages.views.challenge'],
  [{ sercet: 'x' }, 'sercet'],
])('the error for %j names its option in a field: %s', (options, option) => {
  expect(thrown(options)).toMatchObject({ option })
})

describe('the gate', () => {
  test.each<[object, RegExp]>([
    [
      { maxAge: 300 },
      /^gate: maxAge is not an option; the options are maxAgeSeconds, factors, phishingResistant, keepFields, anonymous, except$/,
    ],
    [{ keepFields: 'to' }, /^gate\.keepFields must be a list of field names/],
    [{ keepFields: [5] }, /^gate\.keepFields/],
    [{ maxAgeSeconds: 0 }, /^gate\.maxAgeSeconds must be a number of seconds above 0$/],
    [{ maxAgeSeconds: -1 }, /^gate\.maxAgeSeconds/],
    [{ maxAgeSeconds: NaN }, /^gate\.maxAgeSeconds/],
    [{ maxAgeSeconds: '300' }, /^gate\.maxAgeSeconds/],
  ])('refuses %j', (options, message) => {
    const secondFactor = createSecondFactor<Person>(good)
    expect(() => secondFactor.gate(options)).toThrow(ConfigurationError)
    expect(() => secondFactor.gate(options)).toThrow(message)
  })
})

test('a strategy name is the name Passport registers', () => {
  expect(createSecondFactor<Person>(good).strategy.name).toBe('second-factor')
  expect(createSecondFactor<Person>({ ...good, strategyName: 'otp' }).strategy.name).toBe('otp')
})

test('an application may mount the router at its root', async () => {
  const app = await startTestApp({ secondFactor: { mountPath: '/' } })
  const alice = app.browser()
  const login = await alice.post('/login', { username: 'alice', password: 'password' })
  expect(login.json['next']).toBe('/')
  expect((await alice.get('/account')).json['challengeUrl']).toBe('/')
  expect((await alice.page('/second-factor/')).text).toContain('action="/verify"')
  await app.close()
})

test('an invalid id is reported, and nobody gets in by it', async () => {
  for (const id of [
    '',
    ' ',
    'tel:+33612345678',
    'x'.repeat(201),
    'a\u0000b',
    undefined,
    null,
    {},
  ]) {
    const app = await startTestApp({
      secondFactor: { users: { id: () => id as string, phone: () => null } },
    })
    const alice = await app.login('alice')
    expect((await alice.get('/account')).status).toBe(500)
    expect(app.faults.at(-1)).toBeInstanceOf(ConfigurationError)
    await app.close()
  }
})
