/** For those who write a factor of their own: `passport-second-factor/factor`. */

/// <reference types="passport" preserve="true" />

export { readField, readOwnString, type Fields, type ReadString } from '../core/fields.js'
export { isSameSecret, type KeyRing } from '../core/keys.js'
export { newId } from '../core/random.js'
export { damagedRow } from '../core/read-row.js'
export {
  isRefusal,
  refusal,
  refusalUntil,
  type Refusal,
  type RefusalCode,
  type RefusalCodes,
  type RefusalFacts,
} from '../core/refusal.js'
export {
  after,
  hasHappened,
  withPart,
  type Decision,
  type EarlierPass,
  type FactorPart,
  type Grant,
  type Instant,
  type Lock,
  type Method,
  type Purpose,
  type SubjectState,
} from '../core/state.js'
export { isForSubject, type ForSubject, type Target } from '../core/subject.js'
export type { ChallengeView } from '../core/view.js'
export type { Asset } from '../pages/assets.js'
export { cancelForm, hasError, otherAccount } from '../pages/frame.js'
export { fill, html, type Html, type Piece } from '../pages/html.js'
export type { Page, PageBody, PageFrame, PageModel } from '../pages/page.js'
export { triesLeft, type Wording } from '../pages/wording.js'
export type { Events, PassFacts, UntimedEvent } from '../ports/event-sink.js'
export type {
  AskRequest,
  Attempt,
  Completion,
  CompletionRequest,
  RightAnswer,
  Settlement,
  Verdict,
} from '../ports/attempt.js'
export type {
  Confirmation,
  Enrolment,
  HeldItem,
  HeldParts,
  SetUp,
  SetUpFile,
  SetUpRequest,
  ShownSetUp,
} from '../ports/enrolment.js'
export type { Factor, FactorChange } from '../ports/factor.js'
export type { FactorInsight, LimitUse, LookUp } from '../ports/insight.js'
export type { FactorPage, FactorSection, FactorWords, PageRequest } from '../ports/factor-page.js'
export type { FactorRoute, RefusedForm, RouteAnswer, RouteRequest } from '../ports/factor-route.js'
export type { FactorDefinition, FactorTools } from '../ports/factor-tools.js'
export type { HealthCheck } from '../ports/health.js'
export type { WebhookRequest } from '../ports/open-route.js'
export type { StartAnswer, StartRequest } from '../ports/start.js'
