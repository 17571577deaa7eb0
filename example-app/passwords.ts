/** The rule for new passwords. */

/** The minimum of NIST SP 800-63B for a password that is used with a second factor. */
const fewest = 8

/** Returns the fault of a new password, or `null` if it is acceptable. */
export function passwordFault(password: string): string | null {
  const isLong = Array.from(password).length >= fewest
  return isLong ? null : `Enter a password of at least ${fewest} characters.`
}
