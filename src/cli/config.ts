/** Loads the application's configuration for the command line. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { ActionOptions } from '../core/admin.js'
import type { HeadlessSecondFactor } from '../flows/headless.js'
import type { SecondFactorOptions, UserDirectory } from '../options.js'
import type { AuditLog } from '../ports/audit-log.js'
import type { CountStore } from '../ports/count-store.js'
import type { ReadLimitUsage } from '../ports/limit-usage.js'
import type { StateStore } from '../ports/state-store.js'
import { CommandLineError } from './errors.js'
import { phoneOptionsOf } from './phone-options.js'

/** The methods of a second factor that commands call. */
type SecondFactorCalls = Pick<
  HeadlessSecondFactor<unknown>,
  | 'status'
  | 'listFactors'
  | 'history'
  | 'reset'
  | 'resetAttempts'
  | 'revoke'
  | 'secretsInUse'
  | 'health'
> &
  Partial<Pick<HeadlessSecondFactor<unknown>, 'close'>> & {
    readonly limitUsage?: ReadLimitUsage
    forgetPhone?(phone: string, action?: ActionOptions): Promise<void>
  }

/** Runs migrations. An Umzug instance has this type. */
export interface MigrationRunner {
  pending(): Promise<readonly { readonly name: string }[]>
  up(): Promise<readonly { readonly name: string }[]>
}

/** The options of `createSecondFactor`, for any type of user. */
export interface OptionsUnderCheck extends Partial<Omit<SecondFactorOptions<never>, 'users'>> {
  readonly users?:
    | (Omit<UserDirectory<never>, 'findByPhone'> & {
        readonly findByPhone?: ((phone: string) => unknown) | undefined
      })
    | undefined
}

/** The part of a Sequelize instance that `doctor` uses. */
export interface DatabaseUnderCheck {
  getDialect(): string
  query(sql: string): Promise<unknown>
}

/**
 * The default export of `second-factor.config.js`, or the return value of the function it exports. Only `secondFactor` is
 * required; if a command needs more, it says so.
 */
export interface CommandLineConfig {
  /** The same second factor as the application's. */
  readonly secondFactor: SecondFactorCalls
  /**
   * Finds a user by the id that an operator types; returns `null` if there is none.
   *
   * @default the id is used as that of a row
   */
  readonly findUser?: ((id: string) => unknown) | undefined
  /**
   * The options of `createSecondFactor`, for `prune`, `secrets`, `doctor` and `--phone`. Secrets are never printed.
   *
   * @default commands that need one say so, and `doctor` skips its checks
   */
  readonly options?: OptionsUnderCheck | undefined
  /**
   * The store, for `prune`.
   *
   * @default that of `options`
   */
  readonly store?: StateStore | undefined
  /**
   * The counts of `limits`, for `prune`.
   *
   * @default those of `options`
   */
  readonly counts?: CountStore | undefined
  /**
   * The audit log, for `prune`.
   *
   * @default that of `options`
   */
  readonly audit?: AuditLog | undefined
  /**
   * Runs the migrations, for `migrate` and `doctor`.
   *
   * @default no migrations
   */
  readonly migrations?: MigrationRunner | undefined
  /**
   * The option `secret`, for `doctor` and `secrets`. It is never printed.
   *
   * @default that of `options`
   */
  readonly secret?: string | readonly string[] | undefined
  /**
   * The options of `express-session`, for `doctor`.
   *
   * @default not checked
   */
  readonly session?: object | undefined
  /**
   * The Express application, for `doctor`. It need not listen.
   *
   * @default not checked
   */
  readonly app?: { get(setting: string): unknown } | undefined
  /**
   * The application's Sequelize instance, for `doctor`: its tables, its clock and its pool.
   *
   * @default not checked
   */
  readonly database?: DatabaseUnderCheck | undefined
  /**
   * Sends a command to Redis, for `doctor`, if the store or the counts are there. For example
   * `(args) => client.sendCommand(args)`.
   *
   * @default not checked
   */
  readonly redis?: ((args: string[]) => Promise<unknown>) | undefined
  /**
   * Closes what the configuration opened; open connections would keep the command running.
   *
   * @default nothing is closed
   */
  readonly close?: (() => unknown) | undefined
}

const defaultFiles = ['second-factor.config.mjs', 'second-factor.config.js'] as const

/**
 * Loads the configuration from the named file, else from `SECOND_FACTOR_CONFIG`, else from `second-factor.config.mjs` or
 * `.js` in the working directory.
 *
 * @throws CommandLineError if there is none, if it throws, or if it exports no second factor.
 */
export async function loadConfig(named: string | undefined): Promise<CommandLineConfig> {
  const given = named ?? process.env['SECOND_FACTOR_CONFIG']
  const file = given ?? defaultFiles.find((each) => existsSync(each))
  if (file === undefined || !existsSync(file)) {
    const missing = file === undefined ? `no ${defaultFiles[0]} here` : `${file} does not exist`
    throw new CommandLineError('config', `${missing}; name your configuration with --config`)
  }
  const config = await opened(file)
  if (isConfig(config)) return filled(config)
  throw new CommandLineError(
    'config',
    `${file} must export by default { secondFactor, … }, or a function that returns it`,
  )
}

/** Fills in from `options` what the configuration does not set itself. */
function filled(config: CommandLineConfig): CommandLineConfig {
  const { options } = config
  if (options === undefined) return config
  const { store, audit, secret } = options
  return {
    ...config,
    store: config.store ?? store,
    audit: config.audit ?? audit,
    secret: config.secret ?? secret,
    counts: config.counts ?? phoneOptionsOf(options).limits?.counts,
  }
}

async function opened(file: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>
    const exported = module['default']
    return typeof exported === 'function' ? await (exported as () => unknown)() : exported
  } catch (error) {
    // The application's error names the cause, and ours the remedy, so the message is shown.
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'it threw'
    throw new CommandLineError('config', `${file} cannot be loaded: ${withoutCredentials(reason)}`)
  }
}

/** Masks user and password in URLs, such as that of a database. */
function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^\s/]*@/g, '://•••@')
}

function isConfig(config: unknown): config is CommandLineConfig {
  if (typeof config !== 'object' || config === null) return false
  const calls: unknown = Reflect.get(config, 'secondFactor')
  return (
    typeof calls === 'object' &&
    calls !== null &&
    typeof Reflect.get(calls, 'status') === 'function'
  )
}
