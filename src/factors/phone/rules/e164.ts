/** The international form of a phone, as ITU-T E.164 defines it. */

/** Returns true for a plus and 7 to 15 digits. It does not check that the phone exists. */
export function isE164(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text)
}
