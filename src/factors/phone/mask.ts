/** What of a number may be shown. */

/** The mask of a number, alike everywhere: `••••67`. */
export function maskPhone(number: string): string {
  return `••••${number.slice(-2)}`
}
