/** Recognises a server certificate that failed verification, which happens before a request is sent. */

import { errorName } from './error-name.js'
import { fields } from './fields.js'

/** Matches names of OpenSSL and Node such as `CERT_HAS_EXPIRED` and `UNABLE_TO_VERIFY_LEAF_SIGNATURE`. */
const certificateErrors = /CERT|^UNABLE_TO_/

/** The name of the certificate error, from the error or its cause; `null` for any other error. */
export function untrustedCertificate(error: unknown): string | null {
  const names = [errorName(error), errorName(fields(error)['cause'])]
  return names.find((name) => name !== null && certificateErrors.test(name)) ?? null
}
