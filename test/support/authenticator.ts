/** An authenticator app, as a library of somebody else's makes its codes. */

import { generateSync } from 'otplib'

/** The code of an app with this secret, at an instant. */
export function appCode(secret: string, at: number): string {
  return generateSync({ secret, epoch: Math.floor(at / 1000) })
}
