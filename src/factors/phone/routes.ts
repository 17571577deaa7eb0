/** The phone's endpoints for people whose password was accepted: enrol a first phone, or change a verified one. */

import { enrolmentOf, factorChangeSeconds, freshnessRefusal } from '../../core/enrolment.js'
import { readField, readOwn, readOwnString, type Fields } from '../../core/fields.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { newSubject } from '../../core/state.js'
import type {
  FactorRoute,
  RefusedForm,
  RouteAnswer,
  RouteRequest,
} from '../../ports/factor-route.js'
import type { StartRequest } from '../../ports/start.js'
import type { PhoneContext } from './context.js'
import { maskPhone } from './mask.js'
import { phonePage } from './pages/phone-page.js'
import { typedPhone } from './phone-number.js'
import { challengeOf, kind, channels, type Challenge, type Channel } from './rules/part.js'
import { readCodeField } from './rules/typed-code.js'
import { phoneModel } from './session-page.js'
import { startChallenge } from './start-challenge.js'

/** The page that asks for a phone. */
const phonePath = '/phone'

/** The endpoints to add or change a phone. They exist only if verified phones can be kept. */
export function phoneRoutes<User>(context: PhoneContext<User>): readonly FactorRoute<User>[] {
  return [
    {
      path: phonePath,
      show: (request, typed) => showPhone(context, request, typed),
      submit: (request) => sendToNewPhone(context, request),
      refusedForm: phoneForm,
    },
    {
      path: '/phone/verify',
      submit: (request) => verifyNewPhone(context, request),
      refusedForm: codeForm,
    },
  ]
}

/** The channel that a request asks for, and the channels that its user may choose. */
interface RequestedChannel {
  readonly status: 'read'
  /** `undefined` lets the start choose. */
  readonly channel: Channel | undefined
  readonly allowed: readonly Channel[]
}

/** Reads the channel that a request asks for; refuses one that this user may not choose. */
export async function requestedChannel<User>(
  { users, delivery }: PhoneContext<User>,
  { user, fields }: Pick<StartRequest<User>, 'user' | 'fields'>,
): Promise<RequestedChannel | Refusal> {
  const allowed = await users.channels(user, delivery.channels)
  if (readOwn(fields, 'channel') !== undefined) {
    const field = readField(fields, 'channel')
    if (isRefusal(field)) return field
    const channel = channels.find((each) => each === field.text)
    return channel !== undefined && allowed.includes(channel)
      ? { status: 'read', channel, allowed }
      : refusal('malformed_request')
  }
  return { status: 'read', channel: undefined, allowed }
}

/** `GET {mount}/phone`: shows the phone form, after a fresh second factor if one is needed. */
async function showPhone<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
  typed: string | null,
): Promise<RouteAnswer> {
  if ((await changeRefusal(context, request)) !== null) {
    return { status: 'step_up', maxAgeSeconds: factorChangeSeconds }
  }
  const destination = await context.users.destination(request.user)
  return {
    status: 'page',
    page: phonePage({
      ...phoneModel(context, destination, request.locale, typed ?? ''),
      isCodeAwaited: await isEnrolling(context, request),
    }),
  }
}

/** `POST {mount}/phone`: sends a code to the new phone. */
async function sendToNewPhone<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<RouteAnswer> {
  const { subject, sessionKey, locale, clientIp, fields } = request
  const field = readField(fields, 'phone')
  if (isRefusal(field)) return field
  const phone = context.parsePhone(field.text)
  const destination = isRefusal(phone) ? phone : phone.number
  const answer = await startChallenge(context, {
    ...{ subject, locale, clientIp, purpose: 'enrolment' },
    allowed: await context.users.channels(request.user, context.delivery.channels),
    destination: (await changeRefusal(context, request)) ?? destination,
    sessionKey,
  })
  return { status: 'started', answer }
}

/** `POST {mount}/phone/verify`: the right code makes the phone the user's. */
async function verifyNewPhone<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<RouteAnswer> {
  const { users } = context
  const code = readCodeField(request.fields, 'code', context.codeLength)
  if (isRefusal(code)) return code
  const isChange = await users.hasVerifiedPhone(request.user)
  return {
    status: 'enrol',
    evidence: code.text,
    json: (proof) => {
      return { status: 'verified', phone: maskPhone((proof as Challenge).destination) }
    },
    isFirst: !isChange,
  }
}

/**
 * If nothing was sent, shows the phone form again with the typed phone. If a message may have gone out, the code page
 * follows, and a locked account gets the page that says when the lock ends.
 */
function phoneForm(fields: Fields, { code, challenge }: Refusal): RefusedForm | null {
  const mayArrive = code === 'delivery_failed' && challenge !== undefined
  if (mayArrive || code === 'locked_out') return null
  return { page: phonePath, typed: typedPhone(readOwnString(fields, 'phone') ?? '') }
}

/** A code that came too late starts the change over, which first asks for a fresh second factor. */
function codeForm(_fields: Fields, { code }: Refusal): RefusedForm | null {
  return code.startsWith('second_factor_') ? { page: phonePath, typed: '' } : null
}

/** Returns true if the session is enrolling a phone. */
async function isEnrolling<User>(
  { read }: PhoneContext<User>,
  { subject, sessionKey }: RouteRequest<User>,
): Promise<boolean> {
  const row = await read(subject)
  return row !== null && challengeOf(row, sessionKey)?.purpose === 'enrolment'
}

/**
 * Changing a verified phone needs a fresh second factor, and so does adding a first phone beside another factor. If
 * the user has neither, the password alone is enough.
 */
async function changeRefusal<User>(
  context: PhoneContext<User>,
  request: RouteRequest<User>,
): Promise<Refusal | null> {
  const { users, read, isOtherHeld, clock, policy } = context
  const { user, subject, grant } = request
  const row = (await read(subject)) ?? newSubject(subject, 0, clock())
  if (!(await users.hasVerifiedPhone(user)) && !isOtherHeld(row, kind)) return null
  const { isClosed } = enrolmentOf(row)
  return freshnessRefusal(grant, clock(), isClosed ? policy.enrolmentSeconds : factorChangeSeconds)
}
