/** The application's own configuration, as the command line loads it. */

import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { HeadlessSecondFactor } from '../flows/headless.js'
import type { SecondFactorOptions, UserDirectory } from '../options.js'
import type { AuditLog } from '../ports/audit-log.js'
import type { CountStore } from '../ports/count-store.js'
import type { ReadLimitUsage } from '../ports/limit-usage.js'
import type { StateStore } from '../ports/state-store.js'
import { CommandLineError } from './errors.js'
import { phoneOptionsOf } from './phone-options.js'

/** The calls of a second factor that commands make. */
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
  Partial<Pick<HeadlessSecondFactor<unknown>, 'close'>> & { readonly limitUsage?: ReadLimitUsage }

/** Runs migrations; Umzug's own object fits. */
export interface MigrationRunner {
  pending(): Promise<readonly { readonly name: string }[]>
  up(): Promise<readonly { readonly name: string }[]>
}

/** The options of `createSecondFactor`, of users of any kind. */
export interface OptionsUnderCheck extends Partial<Omit<SecondFactorOptions<never>, 'users'>> {
  readonly users?:
    | (Omit<UserDirectory<never>, 'findByPhone'> & {
        readonly findByPhone?: ((phone: string) => unknown) | undefined
      })
    | undefined
}

/** What `doctor` uses of a Sequelize instance; every one fits. */
export interface DatabaseUnderCheck {
  getDialect(): string
  query(sql: string): Promise<unknown>
}

/**
 * What `second-factor.config.js` exports by default, or a function that returns it. Only `secondFactor` is required; each
 * command says what else it needs.
 */
export interface CommandLineConfig {
  /** The same second factor as the application's. */
  readonly secondFactor: SecondFactorCalls
  /**
   * Finds a user by the id that an operator types; `null` where there is none.
   *
   * @default the id is taken as that of a row
   */
  readonly findUser?: ((id: string) => unknown) | undefined
  /**
   * The options of `createSecondFactor`: `prune`, `secrets`, `doctor` and `--phone` look at them. No secret is printed.
   *
   * @default what needs one of them says so, or is not checked
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
   * @default there are none
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
   * Sends a command to Redis, where it is the store or keeps the counts, for `doctor`: such as
   * `(args) => client.sendCommand(args)`.
   *
   * @default not checked
   */
  readonly redis?: ((args: string[]) => Promise<unknown>) | undefined
  /**
   * Closes what the configuration has opened, so that the command can end.
   *
   * @default nothing is closed
   */
  readonly close?: (() => unknown) | undefined
}

const defaultFiles = ['second-factor.config.mjs', 'second-factor.config.js'] as const

/**
 * Loads the configuration: the file that is named, else that of `SECOND_FACTOR_CONFIG`, else
 * `second-factor.config.mjs` or `.js` in the working directory.
 *
 * @throws CommandLineError where there is none, it throws, or it exports no second factor.
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

/** The configuration, with what its `options` hold in place of what it does not name itself. */
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
    // The application's own error names its own cause; a wrong option of ours names the remedy.
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'it threw'
    throw new CommandLineError('config', `${file} cannot be loaded: ${withoutCredentials(reason)}`)
  }
}

/** Masks user and password in addresses, such as that of a database. */
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
