/** Tools for testing applications, stores and counts: `passport-second-factor/testing`. */

export {
  inboxSender,
  type InboxSender,
  type InboxSenderOptions,
} from '../adapters/console/inbox-sender.js'
export { readRow } from '../core/read-row.js'
export type { FactorPart, Grant, Instant, Lock, Method, SubjectState } from '../core/state.js'
export { auditContract, type AuditUnderTest } from './audit-contract.js'
export {
  setUpAuthenticatorApp,
  type TestAuthenticatorApp,
  type TestAuthenticatorAppOptions,
} from '../factors/totp/test-app.js'
export type {
  Agent,
  AgentOptions,
  AgentRequest,
  AgentResponse,
  FetchAgent,
  FetchResponse,
  PageAgent,
  PageResponse,
  RequestAgent,
} from './agent.js'
export { countContract, type CountsUnderTest } from './count-contract.js'
export { expectOpenRoutes } from './open-routes.js'
export { storeContract, type StoreContractCase, type StoreUnderTest } from './store-contract.js'
export { expectClosed } from './expect-closed.js'
export {
  passSecondFactor,
  type Inbox,
  type PassAnswer,
  type PassOptions,
} from './pass-second-factor.js'
export { setUpRecoveryCodes } from './set-up-recovery-codes.js'
export { testClock, type TestClock } from './test-clock.js'
export { testPolicy } from './test-policy.js'
