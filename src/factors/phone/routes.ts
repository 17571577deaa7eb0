/** The phone's endpoints for people whose password was accepted: enrol a first phone, or change a verified one. */

import { readField, readOwnString } from '../../core/fields.js'
import { isWithin } from '../../core/grant.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { FactorRoute, RouteAnswer, RouteRequest } from '../../ports/factor-route.js'
import type { StartRequest } from '../../ports/start.js'
import type { PhoneContext } from './context.js'
import { maskPhone } from './mask.js'
import { phonePage } from './pages/phone-page.js'
import { typedPhone } from './phone-number.js'
import { channels, partOf, type Challenge, type Channel } from './rules/part.js'
import { readCodeField } from './rules/typed-code.js'
import { phoneModel } from './session-page.js'
import { startChallenge } from './start-challenge.js'

/** Changing a verified phone needs a second factor passed within this time (OWASP ASVS 5, 7.5.1). */
const phoneChangeSeconds = 300

/** However long codes live, a change of phone that began in time has to be typed within this. */
const longestTypingSeconds = 600

/** The endpoints. They exist where the application keeps phones. */
export function phoneRoutes<User>(context: PhoneContext<User>): readonly FactorRoute<User>[] {
  return [
    {
      path: '/phone',
      show: (request) => showPhone(context, request),
      submit: (request) => sendToNewPhone(context, request),
      pageOfRefusal: (request, refused) => pageOfRefusal(context, request, refused),
    },
    { path: '/phone/verify', submit: (request) => verifyNewPhone(context, request) },
  ]
}

/** What a request says of channels. */
interface RequestedChannel {
  readonly status: 'read'
  /** `undefined` leaves it to the start. */
  readonly channel: Channel | undefined
  readonly allowed: readonly Channel[]
}

/** The channel that a request asks for, if this user may choose it, and those that the user may choose. */
export async function requestedChannel<User>(
  { users, delivery }: PhoneContext<User>,
  { user, fields }: Pick<StartRequest<User>, 'user' | 'fields'>,
): Promise<RequestedChannel | Refusal> {
  const allowed = await users.channels(user, delivery.channels)
  const isNamed =
    fields !== null &&
    Object.hasOwn(fields, 'channel') &&
    Reflect.get(fields, 'channel') !== undefined
  if (isNamed) {
    const field = readField(fields, 'channel')
    if (isRefusal(field)) return field
    const channel = channels.find((each) => each === field.text)
    return channel !== undefined && allowed.includes(channel)
      ? { status: 'read', channel, allowed }
      : refusal('malformed_request')
  }
  return { status: 'read', channel: undefined, allowed }
}

/** `GET {mount}/phone`: asks for a phone, after a fresh code where one is needed. */
async function showPhone<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<RouteAnswer> {
  if ((await changeRefusal(context, request)) !== null) {
    return { status: 'step_up', maxAgeSeconds: phoneChangeSeconds }
  }
  const destination = await context.users.destination(request.user)
  return { status: 'page', page: phonePage(phoneModel(context, destination, request.locale)) }
}

/** `POST {mount}/phone`: sends a code to the new phone. */
async function sendToNewPhone<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<RouteAnswer> {
  const { subject, challengeId, locale, clientIp, fields } = request
  const field = readField(fields, 'phone')
  if (isRefusal(field)) return field
  const phone = context.parsePhone(field.text)
  const destination = isRefusal(phone) ? phone : phone.number
  const started = await startChallenge(context, {
    ...{ subject, locale, clientIp, purpose: 'enrolment' },
    allowed: await context.users.channels(request.user, context.delivery.channels),
    destination: (await changeRefusal(context, request)) ?? destination,
    ownId: challengeId,
  })
  return { status: 'started', ...started }
}

/** `POST {mount}/phone/verify`: on the right code the phone is the user's. */
async function verifyNewPhone<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<RouteAnswer> {
  const { policy, users } = context
  const code = readCodeField(request.fields, 'code', context.codeLength)
  if (isRefusal(code)) return code
  const isChange = await users.hasVerifiedPhone(request.user)
  // A phone may have been verified elsewhere since this session asked; then a password is not enough. And
  // a change that began in time may take as long as one code lives, however often codes are sent again.
  const typing = Math.min(policy.codeLifetimeSeconds + policy.graceSeconds, longestTypingSeconds)
  const late = isChange ? ageRefusal(context, request, phoneChangeSeconds + typing) : null
  if (late !== null && (await isEnrolling(context, request))) return late
  return {
    status: 'enrol',
    evidence: code.text,
    json: (proof) => {
      return { status: 'verified', phone: maskPhone((proof as Challenge).destination) }
    },
    isFirst: !isChange,
  }
}

/** A refused phone is asked for again, with the input; any other reason belongs to the code's page. */
async function pageOfRefusal<User>(
  context: PhoneContext<User>,
  { user, fields, locale }: RouteRequest<User>,
  { code }: Refusal,
): ReturnType<NonNullable<FactorRoute<User>['pageOfRefusal']>> {
  if (!/^(?:malformed|destination|delivery)_/.test(code)) return null
  const typed = readOwnString(fields, 'phone') ?? ''
  const destination = await context.users.destination(user)
  return phonePage(phoneModel(context, destination, locale, typedPhone(typed)))
}

/** Whether the session holds a running enrolment of a phone. */
async function isEnrolling<User>(
  { read }: PhoneContext<User>,
  { subject, challengeId }: RouteRequest<User>,
): Promise<boolean> {
  const row = await read(subject)
  const running = row === null ? null : partOf(row).challenge
  return running?.purpose === 'enrolment' && running.id === challengeId
}

/** Changing a verified phone takes a fresh second factor; a first phone takes the password alone. */
async function changeRefusal<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<Refusal | null> {
  if (!(await context.users.hasVerifiedPhone(request.user))) return null
  return ageRefusal(context, request, phoneChangeSeconds)
}

function ageRefusal<User>(
  { clock }: PhoneContext<User>,
  { grant }: RouteRequest<User>,
  maxAgeSeconds: number,
): Refusal | null {
  if (grant === null) return refusal('second_factor_required')
  return isWithin(grant, clock(), maxAgeSeconds) ? null : refusal('second_factor_stale')
}
