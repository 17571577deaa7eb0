/** What a check of `doctor` finds. */

/** A finding: `fail` is broken or unsafe, `warn` is unwise or unknown. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail'
  readonly about: string
  /** What is so, and the remedy where it should not be. */
  readonly text: string
}

/** Makes a finding. */
export function finding(level: Finding['level'], about: string, text: string): Finding {
  return { level, about, text }
}
