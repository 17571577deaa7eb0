/** A second factor for Express: a Passport strategy, middleware, and the rules behind them. */

export { createSecondFactor, type SecondFactor } from './create-second-factor.js'
export type { SecondFactorOptions } from './options.js'

export {
  consoleSender,
  type ConsoleSender,
  type ConsoleSenderOptions,
  type InboxMessage,
} from './adapters/builtin/console-sender.js'
export { failoverSender, type FailoverOptions } from './adapters/builtin/failover-sender.js'
export { memoryStore } from './adapters/builtin/memory-store.js'

export {
  ConfigurationError,
  DirectoryUnavailableError,
  SecondFactorError,
  SessionError,
  StoreUnavailableError,
  type SecondFactorErrorCode,
} from './core/errors.js'
export type {
  MessageOptions,
  MessageParts,
  MessageTemplate,
  ReplacedParts,
  ReplacedTemplate,
} from './core/message.js'
export {
  phoneParser,
  type LineType,
  type ParsePhone,
  type Phone,
  type PhoneOptions,
} from './core/phone.js'
export { policyFromEnv } from './core/policy-env.js'
export { defaultPolicy, resolvePolicy, type Policy, type PolicyOptions } from './core/policy.js'
export type { Refusal, RefusalCode, RefusalFacts } from './core/refusal.js'
export { keepUntil } from './core/retention.js'
export { Sensitive } from './core/sensitive.js'
export type {
  Challenge,
  Channel,
  DeliveryReason,
  DeliveryStatus,
  Grant,
  Instant,
  Lock,
  Method,
  Purpose,
  Receipt,
  SendLedger,
  SubjectState,
} from './core/state.js'
export type { ChallengeView, PassedView } from './core/view.js'

export type { BeginOptions, Begun } from './express/begin.js'
export type { GateOptions } from './express/gate.js'
export type { Passed } from './express/pass.js'
export type { Problem } from './express/problem.js'
export type { RequestSecondFactor } from './express/request-state.js'
export type { SessionRecord } from './express/session-record.js'
export type { Status } from './express/status.js'
export type {
  PlainPassed,
  PlainSecondFactor,
  PlainStartOptions,
  SubjectStatus,
} from './flows/plain.js'
export { forSubject, type ForSubject, type Target } from './flows/target.js'

export type { PagesOptions } from './pages/options.js'
export type {
  ChallengePage,
  Logo,
  MessagePage,
  Page,
  PageFrame,
  PageModel,
  PhonePage,
  View,
  Views,
} from './pages/page.js'
export type { PageTexts, Plural } from './pages/texts/page-texts.js'
export type { OwnTexts, PartialTexts } from './pages/wording.js'

export type {
  CodeMessage,
  CodeSender,
  Notice,
  SendRejection,
  SendResult,
} from './ports/code-sender.js'
export type {
  HostedCheck,
  HostedCheckResult,
  HostedStart,
  HostedStartResult,
  HostedVerifier,
} from './ports/hosted-verifier.js'
export type { EventSink, SecondFactorEvent } from './ports/event-sink.js'
export type {
  DeliveryReport,
  ReceiptReading,
  ReceiptRequest,
  ReceiptSource,
} from './ports/receipt-source.js'
export type { StateStore } from './ports/state-store.js'
export type { UserDirectory, UserPhone } from './ports/user-directory.js'
