/** The rule for new passwords. */

/** As many characters as NIST SP 800-63B asks for beside a second factor. */
const fewest = 8

/** What is wrong with a new password; `null` where it will do. */
export function passwordFault(password: string): string | null {
  const isLong = Array.from(password).length >= fewest
  return isLong ? null : `Enter a password of at least ${fewest} characters.`
}
