/** Masks phones for display. */

/** The masked phone, in the same form everywhere: `••••67`. */
export function maskPhone(phone: string): string {
  return `••••${phone.slice(-2)}`
}
