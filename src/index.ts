/** A second factor for Express: a Passport strategy, middleware, and headless calls. */

export {
  createSecondFactor,
  type SecondFactor,
  type StartOptions,
  type SubjectStatus,
} from './create-second-factor.js'
export type {
  EnrolmentOptions,
  OriginOptions,
  PagesOptions,
  SecondFactorOptions,
  TrustedDevicesOptions,
  UserDirectory,
  Views,
} from './options.js'

export {
  consoleSender,
  type ConsoleSender,
  type ConsoleSenderOptions,
  type InboxMessage,
} from './adapters/console/console-sender.js'
export { allEvents } from './adapters/events/all-events.js'
export { logEvents, type LogEventsOptions, type Logger } from './adapters/events/log-events.js'
export { failoverSender, type FailoverOptions } from './adapters/failover/failover-sender.js'
export { memoryAudit, type MemoryAuditOptions } from './adapters/memory/memory-audit.js'
export { memoryCounts } from './adapters/memory/memory-counts.js'
export { memoryStore } from './adapters/memory/memory-store.js'

export type {
  CommandLineConfig,
  DatabaseUnderCheck,
  MigrationRunner,
  OptionsUnderCheck,
} from './cli/config.js'

export type { ActionOptions, ResetScope } from './core/admin.js'
export {
  AuditUnavailableError,
  ConfigurationError,
  DirectoryUnavailableError,
  SecondFactorError,
  SessionError,
  StoreUnavailableError,
  type SecondFactorErrorCode,
} from './core/errors.js'
export { policyFromEnv } from './core/policy-env.js'
export { defaultPolicy, resolvePolicy, type Policy, type PolicyOptions } from './core/policy.js'
export {
  isRefusal,
  type Refusal,
  type RefusalCode,
  type RefusalCodes,
  type RefusalFacts,
} from './core/refusal.js'
export { Sensitive } from './core/sensitive.js'
export type { Method, Purpose } from './core/state.js'
export type { ForSubject, Target } from './core/subject.js'
export type { ChallengeView, PassedView } from './core/view.js'

export type { AuthenticateOptions } from './express/authenticate.js'
export type { BeginOptions, Begun } from './express/begin.js'
export type { HostRequest } from './express/context.js'
export type { CsrfOptions } from './express/csrf-field.js'
export type { GateOptions } from './express/gate.js'
export type { OperationsRouterOptions } from './express/operations-options.js'
export type { Problem } from './express/problem.js'
export type { Passed } from './express/raise-session.js'
export type { RequestSecondFactor } from './express/request-state.js'
export type { NeedOptions } from './express/resolve-need.js'
export type { SessionOptions } from './express/session.js'
export type { SessionRecord } from './express/session-record.js'
export type { EnrolmentStatus, Status } from './express/status.js'

export { recoveryCodes } from './factors/recovery-codes/recovery-factor.js'
export type { RecoveryCodesOptions } from './factors/recovery-codes/options.js'
export type { RecoveryCodesPage, RecoveryPage } from './factors/recovery-codes/pages/models.js'
export { totp } from './factors/totp/totp-factor.js'
export type { TotpOptions } from './factors/totp/options.js'
export type { TotpPage, TotpSetUpPage } from './factors/totp/pages/models.js'
export type { QrCode } from './factors/totp/qr.js'

export type { PhoneEvents } from './factors/phone/events.js'
export { forSubject } from './factors/phone/for-subject.js'
export type { LimitEvents } from './factors/phone/limits/events.js'
export { limitsFromEnv } from './factors/phone/limits/limits-env.js'
export type { AllowOptions, DenyOptions, LimitsOptions } from './factors/phone/limits/options.js'
export type {
  AccountRuleOptions,
  ApplicationRuleOptions,
  CountryLimitOptions,
  CountryRuleOptions,
  LimitRules,
  NetworkRuleOptions,
  OutcomeRuleOptions,
  PhoneRuleOptions,
  PrefixRuleOptions,
  PriceList,
  RuleAction,
  RuleName,
  RuleOptions,
  SpendRuleOptions,
} from './factors/phone/limits/rules.js'
export type { MessageOptions } from './factors/phone/message/message.js'
export type { LineType } from './factors/phone/line-types.js'
export type { ChallengePage, PhonePage } from './factors/phone/pages/models.js'
export {
  phoneParser,
  type ParsePhone,
  type Phone,
  type PhoneOptions,
} from './factors/phone/phone-number.js'
export type {
  CodeMessage,
  CodeSender,
  Notice,
  SendRejection,
  SendResult,
  VendorCheck,
} from './factors/phone/ports/code-sender.js'
export type {
  HostedCheck,
  HostedCheckResult,
  HostedStart,
  HostedStartResult,
  HostedVerifier,
} from './factors/phone/ports/hosted-verifier.js'
export type { UserPhone } from './factors/phone/ports/phone-directory.js'
export type {
  DeliveryReport,
  ReceiptReading,
  ReceiptRequest,
  ReceiptSource,
} from './factors/phone/ports/receipt-source.js'
export type {
  Finding,
  GuardVerdict,
  PhoneClass,
  SendAttempt,
  SendGuard,
} from './factors/phone/ports/send-guard.js'
export type { PhoneRefusalCode } from './factors/phone/refusals.js'
export type { Channel, DeliveryReason, DeliveryStatus } from './factors/phone/rules/part.js'
export type { PhoneChallengeView } from './factors/phone/rules/view.js'

export type { RecoveryTicket, ResetFactorsOptions } from './flows/admin-factors.js'
export type { HistoryOptions } from './flows/audit/audit-trail.js'
export type { HealthOptions } from './flows/health.js'
export type {
  HeadlessPassed,
  HeadlessSecondFactor,
  HeadlessStartOptions,
  HeadlessVerifyOptions,
} from './flows/headless.js'
export type { SecretUse } from './flows/secrets-in-use.js'

export type { OperationsOptions } from './operations/options.js'
export type { DeviceView } from './flows/trust.js'
export type { OperatorCalls } from './flows/operators.js'

export type { FactorsPage, ManagedFactor, ManagedItem, ShownDevice } from './pages/factors-page.js'
export type {
  CsrfField,
  Logo,
  MessagePage,
  Page,
  PageFrame,
  PageLink,
  PageModel,
  Support,
  View,
} from './pages/page.js'
export type { SupportLink } from './pages/support.js'
export type { OwnTexts, PartialTexts } from './pages/wording.js'

export type { AuditEntry, AuditLog, AuditOutcome, AuditQuery } from './ports/audit-log.js'
export type {
  Addition,
  Bucket,
  CountBucket,
  CountStore,
  CountSums,
  CountWindows,
  Take,
} from './ports/count-store.js'
export type { HeldItem } from './ports/enrolment.js'
export type { EventSink, Events, SecondFactorEvent } from './ports/event-sink.js'
export type { FactorDefinition } from './ports/factor-tools.js'
export type { Health, HealthCheck } from './ports/health.js'
export type {
  CountryUse,
  LimitUsage,
  LimitUsageOptions,
  ReadLimitUsage,
  UsedLimit,
} from './ports/limit-usage.js'
export type { StateStore } from './ports/state-store.js'
export type { CredentialVersion } from './ports/user-directory.js'

export type {
  MessageParts,
  MessageTemplate,
  ReplacedParts,
  ReplacedTemplate,
} from './texts/phone-messages.js'
export type { Plural, RequestRefusalCode, Texts } from './texts/texts.js'
