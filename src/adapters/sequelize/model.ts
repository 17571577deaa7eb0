/** A Sequelize model of the table, for operators' queries and reports. The store itself does not use it. */

import { DataTypes, type Model, type ModelStatic, type Sequelize } from 'sequelize'

import { assertKnownOptions } from '../../core/known-options.js'
import type { Grant } from '../../core/state.js'
import { tableOptionNames } from '../sql/table.js'
import { stateMigrations } from './migrations.js'
import { tableOf, type TableOptions } from './table.js'

/** One user's row, in the model's types. */
export interface SecondFactorRow {
  subject: string
  /** A string on PostgreSQL. */
  version: number | string
  challengeId: string | null
  sessionKey: string | null
  keyId: string | null
  purpose: string | null
  codeOwner: string | null
  channel: string | null
  destination: string | null
  hostedRef: string | null
  challengeEpoch: number | string | null
  issuedAt: Date | null
  expiresAt: Date | null
  attempts: number | null
  maxAttempts: number | null
  challengeSends: number | null
  messageRef: string | null
  delivery: string | null
  deliveryReason: string | null
  sendCount: number | null
  sendRung: number | null
  lastSendAt: Date | null
  nextSendAt: Date | null
  sendResetAt: Date | null
  sendWindowStartedAt: Date | null
  sendWindowCount: number | null
  sendAnsweredCount: number | null
  failures: number
  lockDisabled: boolean
  lockTier: number
  lockedUntil: Date | null
  /** A string on PostgreSQL. */
  epoch: number | string
  grants: readonly Grant[]
  /** The parts of factors without their own columns, as JSON. */
  factors: string | null
  /** The kinds of factors that the person has enrolled, separated by commas. */
  factorKinds: string | null
  /** The ids of the secrets that seal something in this row. */
  sealedBy: string | null
  /** The deadline for enrolling a factor. */
  factorsDueAt: Date | null
  keepUntil: Date | null
  updatedAt: Date
}

/**
 * Defines the model `SecondFactorState`, for reading and counting rows: who is locked, and who failed how often.
 * Leave writing to the store, which guards each row by its version. Instants in the table are in UTC. On MySQL and MariaDB
 * the model reads them correctly only if Sequelize's option `timezone` is `+00:00`, its default.
 *
 * `sequelize.sync()` creates this table through its migrations, with its checks, and never alters it.
 *
 * @throws ConfigurationError if `tableName` or `schema` cannot be used.
 * @example
 * const SecondFactorState = defineSecondFactorModel(sequelize)
 * const locked = await SecondFactorState.count({ where: { lockDisabled: true } })
 */
export function defineSecondFactorModel(
  sequelize: Sequelize,
  options: TableOptions = {},
): ModelStatic<Model<SecondFactorRow>> {
  assertKnownOptions('defineSecondFactorModel', options, tableOptionNames)
  const { name: tableName, schema } = tableOf(sequelize, options)
  // A new object each time, because Sequelize writes the column's name into it.
  const text = () => ({ type: DataTypes.STRING })
  const instant = () => ({ type: DataTypes.DATE(3) })
  const count = () => ({ type: DataTypes.INTEGER, validate: { min: 0 } })
  const required = { allowNull: false }
  const model = sequelize.define<Model<SecondFactorRow>>(
    'SecondFactorState',
    {
      subject: { type: DataTypes.STRING(200), primaryKey: true, ...required },
      version: { type: DataTypes.BIGINT, ...required },
      challengeId: text(),
      sessionKey: text(),
      keyId: text(),
      purpose: text(),
      codeOwner: text(),
      channel: text(),
      destination: text(),
      hostedRef: text(),
      challengeEpoch: { type: DataTypes.BIGINT },
      issuedAt: instant(),
      expiresAt: instant(),
      attempts: count(),
      maxAttempts: { type: DataTypes.INTEGER, validate: { min: 1 } },
      challengeSends: count(),
      messageRef: text(),
      delivery: text(),
      deliveryReason: text(),
      sendCount: count(),
      sendRung: count(),
      lastSendAt: instant(),
      nextSendAt: instant(),
      sendResetAt: instant(),
      sendWindowStartedAt: instant(),
      sendWindowCount: count(),
      sendAnsweredCount: count(),
      failures: { ...count(), ...required },
      lockDisabled: { type: DataTypes.BOOLEAN, ...required },
      lockTier: { ...count(), ...required },
      lockedUntil: instant(),
      epoch: { type: DataTypes.BIGINT, ...required },
      grants: {
        type: DataTypes.TEXT,
        ...required,
        get(): unknown {
          const json: unknown = this.getDataValue('grants')
          return typeof json === 'string' ? JSON.parse(json) : json
        },
      },
      factors: { type: DataTypes.TEXT },
      factorKinds: text(),
      sealedBy: text(),
      factorsDueAt: instant(),
      keepUntil: instant(),
      updatedAt: { ...instant(), ...required },
    },
    // Not the application's default schema, which would become part of the table's name except on PostgreSQL.
    { tableName, schema: schema ?? '', underscored: true, timestamps: false },
  )
  return Object.assign(model, {
    async sync(syncing: { force?: boolean } = {}) {
      if (syncing.force === true) await model.drop()
      const context = sequelize.getQueryInterface()
      for (const { up } of stateMigrations(options)) await up({ context })
      return model
    },
  })
}
