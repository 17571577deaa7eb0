/** Checks the session cookie's attributes and the session store's durability. */

import { finding, type Finding } from './finding.js'

/** Checks the options of `express-session`. */
export function checkSession(
  session: object | undefined,
  isProduction: boolean,
): readonly Finding[] {
  if (session === undefined) {
    return [
      finding('warn', 'session', 'not checked: give session, its options, in the configuration'),
    ]
  }
  const cookie: unknown = Reflect.get(session, 'cookie')
  const flag = (name: string): unknown =>
    typeof cookie === 'object' && cookie !== null ? Reflect.get(cookie, name) : undefined
  const store: unknown = Reflect.get(session, 'store')
  const found: Finding[] = []
  const bad = isProduction ? 'fail' : 'warn'
  if (flag('secure') !== true && flag('secure') !== 'auto') {
    found.push(
      finding(bad, 'cookie', 'secure is not set: HTTP exposes the session; set it to true'),
    )
  }
  if (flag('httpOnly') === false) {
    found.push(
      finding('fail', 'cookie', 'httpOnly is off: any script can read the session; turn it on'),
    )
  }
  if (flag('sameSite') === undefined || flag('sameSite') === false || flag('sameSite') === 'none') {
    found.push(finding('warn', 'cookie', "sameSite is not set: set it to 'lax'"))
  }
  if (store === undefined || nameOf(store) === 'MemoryStore') {
    found.push(
      finding(bad, 'session', 'is kept in memory: a restart ends every login; give a store'),
    )
  }
  if (Reflect.get(session, 'saveUninitialized') !== false) {
    found.push(
      finding(
        'warn',
        'session',
        'saveUninitialized is on: every visitor gets a session; turn it off',
      ),
    )
  }
  return found.length > 0
    ? found
    : [finding('ok', 'session', 'its cookie is limited to this site and to HTTPS')]
}

/** Returns the secrets that sign the session cookie. */
export function sessionSecrets(session: object | undefined): readonly string[] {
  const secret: unknown = session === undefined ? [] : Reflect.get(session, 'secret')
  return [secret].flat().filter((each) => typeof each === 'string')
}

function nameOf(store: unknown): string {
  return typeof store === 'object' && store !== null ? store.constructor.name : ''
}
