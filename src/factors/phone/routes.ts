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

/** The endpoints. They exist where the application keeps phones. */
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

/** `GET {mount}/phone`: asks for a phone, after a fresh code where one is needed. */
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

/** `POST {mount}/phone/verify`: on the right code the phone is the user's. */
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
 * A phone that nothing was sent to is asked for again, as it was typed. A message that may have gone out leads to the
 * code's field, and a lock to the page that says until when.
 */
function phoneForm(fields: Fields, { code, challenge }: Refusal): RefusedForm | null {
  const mayArrive = code === 'delivery_failed' && challenge !== undefined
  if (mayArrive || code === 'locked_out') return null
  return { page: phonePath, typed: typedPhone(readOwnString(fields, 'phone') ?? '') }
}

/** A code that came too late for the change begins it again, after the code that a change wants first. */
function codeForm(_fields: Fields, { code }: Refusal): RefusedForm | null {
  return code.startsWith('second_factor_') ? { page: phonePath, typed: '' } : null
}

/** Whether the session has an enrolment of a phone running. */
async function isEnrolling<User>(
  { read }: PhoneContext<User>,
  { subject, sessionKey }: RouteRequest<User>,
): Promise<boolean> {
  const row = await read(subject)
  return row !== null && challengeOf(row, sessionKey)?.purpose === 'enrolment'
}

/**
 * Changing a verified phone takes a fresh second factor, and so does a first phone beside another factor; without any,
 * it takes the password alone.
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
