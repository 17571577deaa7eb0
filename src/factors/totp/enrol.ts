/** Sets up an app: shows a new secret once, and stores it after the first correct code. */

import { newId } from '../../core/random.js'
import { refusal } from '../../core/refusal.js'
import type { Instant, SubjectState } from '../../core/state.js'
import { render } from '../../pages/html.js'
import { english } from '../../pages/wording.js'
import type { Confirmation, Enrolment } from '../../ports/enrolment.js'
import type { Verdict } from '../../ports/attempt.js'
import type { TotpContext } from './context.js'
import type { TotpSetUpPage } from './pages/models.js'
import { totpSetUpPage } from './pages/set-up-page.js'
import { qrCode, qrSvg } from './qr.js'
import { stepOf } from './rules/codes.js'
import { partOf, type TotpPart } from './rules/part.js'
import { newSecret, readSecret, sealSecret, spelledSecret } from './rules/secret.js'
import { readTypedCode } from './typed-code.js'
import { keyUri } from './uri.js'

/** The secrets in the set-up token. */
interface TotpSecrets {
  readonly id: string
  /** In base32. */
  readonly secret: string
}

/** The enrolment of an app. A new app replaces the current one once it is confirmed. */
export function totpEnrolment<User>(context: TotpContext): Enrolment<User> {
  return {
    setUp({ label }) {
      const secrets: TotpSecrets = { id: newId(), secret: spelledSecret(newSecret()) }
      const { uri, secret, qr } = shown(context, secrets, label)
      return {
        secrets,
        shown: { secret, uri, qr: render(qrSvg(qr, english.texts.totp.qrLabel)) },
      }
    },
    page({ secrets, label, token }) {
      const model = shown(context, secrets as TotpSecrets, label)
      return totpSetUpPage({ name: 'totp-set-up', ...model, account: label, token })
    },
    readProof: readTypedCode,
    judge: (row, now, confirmation) => judgeFirstCode(context, row, now, confirmation),
  }
}

function shown(
  { issuer }: TotpContext,
  { secret }: TotpSecrets,
  account: string,
): Pick<TotpSetUpPage, 'secret' | 'uri' | 'qr'> {
  const uri = keyUri({ issuer, account, secret })
  return { secret, uri, qr: qrCode(uri) }
}

/**
 * Judges the first code. A wrong one is not counted as a failure: the user can see the secret anyway, and an app with a
 * wrong clock must not lock its owner out.
 */
function judgeFirstCode(
  context: TotpContext,
  row: SubjectState,
  now: Instant,
  { secrets, proof, name }: Confirmation,
): Verdict {
  const { id, secret: spelled } = secrets as TotpSecrets
  // This set-up was already confirmed. From then on the app's codes are judged by `judgeCode`.
  if (partOf(row)?.id === id) return refusal('setup_expired')
  const secret = readSecret(spelled)
  const step = stepOf(secret, proof as string, now, context.driftSteps)
  if (step === null) return refusal('code_incorrect')
  const part = newPart(context, row.subject, now, { id, secret, step, name })
  return { status: 'right', part, proof: id }
}

/** An app to store. */
interface NewApp {
  readonly id: string
  readonly secret: Uint8Array
  /** The time step of the code that proved it. */
  readonly step: number
  readonly name: string | null
}

function newPart(
  { seal, name: defaultName }: TotpContext,
  subject: string,
  now: Instant,
  { id, secret, step, name }: NewApp,
): TotpPart {
  return {
    held: true,
    id,
    ...sealSecret(seal, subject, id, secret),
    name: name ?? defaultName,
    addedAt: now,
    usedAt: null,
    lastStep: step,
    earlierSteps: [],
  }
}

/** The part of an app that another system enrolled. The codes used there are unknown, so all count as unused. */
export function importedPart(
  context: TotpContext,
  subject: string,
  now: Instant,
  secret: string,
  name: string | null,
): TotpPart {
  return newPart(context, subject, now, { id: newId(), secret: readSecret(secret), step: 0, name })
}
