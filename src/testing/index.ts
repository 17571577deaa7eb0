/** For those who write a store, a sender, or tests of an application: `passport-second-factor/testing`. */

export { readRow } from '../core/read-row.js'
export type { FactorPart, Grant, Instant, Lock, Method, SubjectState } from '../core/state.js'
export { auditContract, type AuditUnderTest } from './audit-contract.js'
export { countContract, type CountsUnderTest } from './count-contract.js'
export { expectOpenRoutes } from './open-routes.js'
export { storeContract, type StoreContractCase, type StoreUnderTest } from './store-contract.js'
