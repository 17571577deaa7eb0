/** An authenticator app whose codes come from an independent library. */

import { generateSync } from 'otplib'

/** The code of an app with this secret, at an instant. */
export function appCode(secret: string, at: number): string {
  return generateSync({ secret, epoch: Math.floor(at / 1000) })
}
