/** Passkeys and security keys: `passport-second-factor/passkey`. */

/// <reference types="passport" preserve="true" />

export { passkeys, type PasskeyChallengeView } from './passkey-factor.js'
export type { PasskeysOptions } from './options.js'
export type { Requirement } from './context.js'
export type { CreationOptions, CredentialDescriptor, RequestOptions } from './ceremony-options.js'
export type { PasskeyEvents } from './events.js'
export type { PasskeyPage, PasskeySetUpPage } from './pages/models.js'
export type { PasskeyRefusalCode } from './refusals.js'
export type { Suspicion } from './rules/judge.js'
