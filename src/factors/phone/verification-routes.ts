/** Endpoints that prove control of a phone, for applications without a login. They return only JSON. */

import { ConfigurationError } from '../../core/errors.js'
import { readField, type Fields } from '../../core/fields.js'
import { isRefusal, type Refusal } from '../../core/refusal.js'
import type { OpenRoute } from '../../ports/open-route.js'
import type { PhoneContext } from './context.js'
import type { Phone } from './phone-number.js'
import { readCodeField } from './rules/typed-code.js'
import { startPhoneVerification, verifyPhone } from './verify-phone.js'

/** The phone and its code come in one request here, so a wrong code is a bad request. */
const statuses = {
  destination_invalid: 400,
  code_incorrect: 400,
  code_expired: 400,
  no_challenge: 400,
  attempts_exhausted: 400,
}

/**
 * The endpoints `/generate` and `/verify`. They look up no user before the code is right.
 *
 * @throws ConfigurationError if `users.findByPhone` or `users.setVerifiedPhone` is missing.
 */
export function verificationRoutes(context: PhoneContext<never>): readonly OpenRoute[] {
  if (!context.users.canVerifyWithoutLogin) {
    throw new ConfigurationError(
      'phoneVerificationRouter() needs users.findByPhone and users.setVerifiedPhone; give both',
      'users.findByPhone',
    )
  }
  return [
    {
      ...{ path: '/generate', statuses },
      async handle({ fields, clientIp, locale }) {
        const phone = readPhone(context, fields)
        if (isRefusal(phone)) return phone
        const asker = { locale: locale(context.delivery.locales), clientIp }
        const sent = await startPhoneVerification(context, phone.number, asker)
        if (isRefusal(sent)) return sent
        return { message: 'A code was sent to the phone.', expires_in: sent.expiresInSeconds }
      },
    },
    {
      ...{ path: '/verify', statuses },
      async handle({ fields, clientIp, locale }) {
        const phone = readPhone(context, fields)
        if (isRefusal(phone)) return phone
        const code = readCodeField(fields, 'otp', context.codeLength)
        if (isRefusal(code)) return code
        const asker = { locale: locale(context.delivery.locales), clientIp }
        const verified = await verifyPhone(context, phone.number, code.text, asker)
        return isRefusal(verified) ? verified : { message: 'The phone is verified.' }
      },
    },
  ]
}

function readPhone(context: PhoneContext<never>, fields: Fields): Phone | Refusal {
  const field = readField(fields, 'phone_number')
  return isRefusal(field) ? field : context.parsePhone(field.text)
}
