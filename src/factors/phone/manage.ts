/** The phone's section on the page where people manage their factors. */

import { freshnessRefusal } from '../../core/enrolment.js'
import { readOwn, readOwnString, type Fields } from '../../core/fields.js'
import { findGrant } from '../../core/grant.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import {
  withPart,
  type Decision,
  type FactorPart,
  type Instant,
  type SubjectState,
} from '../../core/state.js'
import { html, type Html } from '../../pages/html.js'
import type { PageModel } from '../../pages/page.js'
import type { FactorSection } from '../../ports/factor-page.js'
import type { FactorRoute, RouteAnswer, RouteRequest } from '../../ports/factor-route.js'
import type { PhoneContext } from './context.js'
import { maskPhone } from './mask.js'
import { kind, partOf, readPart, type PhonePart } from './rules/part.js'

/** The data of the section. */
export interface PhoneSection {
  /** The phone, masked; `null` if there is none. */
  readonly phone: string | null
  /** True if codes go to it. */
  readonly isOn: boolean
  /** True if the person may change it here. */
  readonly canChange: boolean
  /** True if the person can pass by another factor without it. */
  readonly canTurnOff: boolean
}

/** The section of the page. */
export function phoneSection<User>(context: PhoneContext<User>): FactorSection<User> {
  const { users, isOtherUsable } = context
  return {
    async model({ user, row }): Promise<PhoneSection | null> {
      const destination = await users.destination(user)
      const phone = isRefusal(destination) ? null : maskPhone(destination.number)
      if (phone === null && !users.keepsPhones) return null
      return {
        phone,
        isOn: partOf(row).isOff !== true,
        canChange: users.keepsPhones,
        canTurnOff: isOtherUsable(row, kind),
      }
    },
    body: (model, page) => sectionBody(model as PhoneSection, page),
  }
}

function sectionBody(
  { phone, isOn, canChange, canTurnOff }: PhoneSection,
  { texts, mountPath }: PageModel,
): Html {
  const { manage } = texts.phone
  const shown = phone === null ? null : html`<bdi dir="ltr">${phone}</bdi>`
  return html`
    ${shown === null ? null : html`<p>${shown}</p>`}
    ${shown === null || isOn ? null : html`<p class="hint">${manage.areOff}</p>`}
    ${
      canChange
        ? html`<p>
          <a class="button quiet" href="${mountPath}/phone">${phone === null ? manage.add : manage.change}</a>
        </p>`
        : null
    }
    ${
      phone === null || (isOn && !canTurnOff)
        ? null
        : html`<form method="post" action="${mountPath}/factors/messages">
          <input type="hidden" name="on" value="${isOn ? 'false' : 'true'}" />
          <button class="quiet">${isOn ? manage.messagesOff : manage.messagesOn}</button>
        </form>`
    }
  `
}

/** The part with codes turned on again, because a person whose only factor is a phone must be able to get them. */
export function switchedOn(stored: FactorPart): PhonePart {
  const { isOff: _before, ...part } = readPart(stored)
  return part
}

/** `POST {mount}/factors/messages`: turns codes to the phone on or off. */
export function messagesRoute<User>(context: PhoneContext<User>): FactorRoute<User> {
  return {
    path: '/factors/messages',
    besideOthers: true,
    submit: (request) => turnMessages(context, request),
  }
}

async function turnMessages<User>(
  context: PhoneContext<User>,
  { subject, grant, fields }: RouteRequest<User>,
): Promise<RouteAnswer> {
  const { transition, isOtherUsable, emit } = context
  const on = wishIn(fields)
  if (on === null) return refusal('malformed_request')
  const rule = (row: SubjectState, now: Instant): Decision<Refusal | null> => {
    const own = grant === null ? null : findGrant(row, grant.id, now)
    const stale = freshnessRefusal(own, now)
    if (stale !== null) return { state: row, outcome: stale }
    if (!on && !isOtherUsable(row, kind)) return { state: row, outcome: refusal('last_factor') }
    const part = switchedOn(partOf(row))
    // A code that is on its way must not pass any more.
    const next: PhonePart = on ? part : { ...part, challenge: null, isOff: true }
    return { state: withPart(row, kind, next), outcome: null }
  }
  const { outcome } = await transition(subject, rule)
  if (outcome === null) emit({ type: 'codes_switched', subject, on })
  return outcome ?? { status: 'changed', json: { messages: on }, page: '/factors' }
}

/** JSON has a boolean here, and a form the string. */
function wishIn(fields: Fields): boolean | null {
  const value = readOwn(fields, 'on')
  if (typeof value === 'boolean') return value
  const text = readOwnString(fields, 'on')
  return text === 'true' ? true : text === 'false' ? false : null
}
