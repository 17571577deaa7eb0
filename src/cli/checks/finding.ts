/** The findings of `doctor`. */

/** A finding: `fail` is broken or unsafe, `warn` is unwise or unknown. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail'
  readonly about: string
  /** The fact, then the remedy if there is something to mend. */
  readonly text: string
}

/** Makes a finding. */
export function finding(level: Finding['level'], about: string, text: string): Finding {
  return { level, about, text }
}
