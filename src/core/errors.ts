/** The errors that this package throws. Refusals are returned, never thrown. */

/** Stable codes of errors. */
export type SecondFactorErrorCode =
  | 'configuration_invalid'
  | 'store_unavailable'
  | 'directory_unavailable'
  | 'audit_unavailable'
  | 'session_unusable'

/** Base class of every error that this package throws. Switch on `code`. */
export class SecondFactorError extends Error {
  readonly code: SecondFactorErrorCode

  constructor(
    code: SecondFactorErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** An option or setting is invalid. The message names it and says how to fix it. */
export class ConfigurationError extends SecondFactorError {
  /** The invalid option, such as `secret` or `policy.codeLength`; `undefined` if it is not a single one. */
  readonly option: string | undefined

  constructor(message: string, option?: string, options?: { readonly cause?: unknown }) {
    super('configuration_invalid', message, options)
    this.option = option
  }
}

/** The store failed or timed out, or too many writers kept changing the same row. Nothing was decided. */
export class StoreUnavailableError extends SecondFactorError {
  declare readonly code: 'store_unavailable'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('store_unavailable', message, options)
  }
}

/** A callback of the application's user directory threw or timed out. */
export class DirectoryUnavailableError extends SecondFactorError {
  declare readonly code: 'directory_unavailable'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('directory_unavailable', message, options)
  }
}

/** The audit log failed or timed out. An operator's action that could not be recorded was not performed. */
export class AuditUnavailableError extends SecondFactorError {
  declare readonly code: 'audit_unavailable'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('audit_unavailable', message, options)
  }
}

/** The session cannot hold a second factor: it is missing, cannot be regenerated, or failed to save. */
export class SessionError extends SecondFactorError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('session_unusable', message, options)
  }
}
