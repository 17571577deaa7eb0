/** The faults that this package throws. Refusals are values, never errors. */

/** Stable names of faults. */
export type SecondFactorErrorCode =
  | 'configuration_invalid'
  | 'store_unavailable'
  | 'directory_unavailable'
  | 'audit_unavailable'
  | 'session_unusable'

/** Base class of every error thrown here; switch on `code`. */
export class SecondFactorError extends Error {
  readonly code: SecondFactorErrorCode

  constructor(code: SecondFactorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** An option or a setting cannot be used; the message names it and the remedy. */
export class ConfigurationError extends SecondFactorError {
  /** The option at fault, such as `secret` or `policy.codeLength`; `undefined` where it is no single one. */
  readonly option: string | undefined

  constructor(message: string, option?: string, options?: ErrorOptions) {
    super('configuration_invalid', message, options)
    this.option = option
  }
}

/** The store did not answer, or too many writers kept changing the same row. Nothing was decided. */
export class StoreUnavailableError extends SecondFactorError {
  declare readonly code: 'store_unavailable'

  constructor(message: string, options?: ErrorOptions) {
    super('store_unavailable', message, options)
  }
}

/** A callback of the application's user directory threw or did not answer in time. */
export class DirectoryUnavailableError extends SecondFactorError {
  declare readonly code: 'directory_unavailable'

  constructor(message: string, options?: ErrorOptions) {
    super('directory_unavailable', message, options)
  }
}

/** The audit log failed or did not answer in time: an operator's action that could not be written down was not done. */
export class AuditUnavailableError extends SecondFactorError {
  declare readonly code: 'audit_unavailable'

  constructor(message: string, options?: ErrorOptions) {
    super('audit_unavailable', message, options)
  }
}

/** The session cannot carry a second factor: absent, unable to regenerate, or failing to save. */
export class SessionError extends SecondFactorError {
  constructor(message: string, options?: ErrorOptions) {
    super('session_unusable', message, options)
  }
}
