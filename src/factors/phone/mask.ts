/** The part of a phone that may be shown. */

/** The mask of a phone, alike everywhere: `••••67`. */
export function maskPhone(phone: string): string {
  return `••••${phone.slice(-2)}`
}
