/** The demonstration's money: transfers in a table, and a balance that is their sum. */

import {
  DataTypes,
  Op,
  UniqueConstraintError,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Sequelize,
} from 'sequelize'

import type { AppUser } from './users.js'

/** A transfer from the point of view of one of its two users. */
export interface Transfer {
  /** `null` for the transfers that everybody starts with. */
  readonly id: number | null
  /** The other party. */
  readonly with: string
  /** Positive if received, negative if sent. */
  readonly cents: number
  readonly at: Date
}

/** An account's balance and its latest transfers. */
export interface Statement {
  readonly cents: number
  /** The latest, newest first. */
  readonly transfers: readonly Transfer[]
}

export interface Transfers {
  /** Returns the transfer's id; `null` if the balance is too low, even if several are sent at once. */
  send(from: AppUser, to: string, cents: number): Promise<number | null>
  /** Finds a transfer that this user sent or received; `null` if there is none with this id. */
  find(user: AppUser, id: number): Promise<Transfer | null>
  statementOf(user: AppUser): Promise<Statement>
}

/** The number of transfers on a statement. */
const listed = 8

/** The transfers that everybody starts with, because an empty page demonstrates nothing. */
const before = [
  { with: 'Lakeside Housing', cents: -78_000, daysAgo: 2 },
  { with: 'Night Market', cents: -2_340, daysAgo: 3 },
  { with: 'Quarry & Sons, salary', cents: 231_000, daysAgo: 6 },
]
const openingCents = before.reduce((sum, { cents }) => sum + cents, 0)
const dayInMilliseconds = 86_400_000

interface TransferModel extends Model<
  InferAttributes<TransferModel>,
  InferCreationAttributes<TransferModel>
> {
  id: CreationOptional<number>
  /** The sender's transfers up to and including this one. */
  number: number
  sender: string
  recipient: string
  /** A string on PostgreSQL and MariaDB. */
  cents: number | string
  sentAt: Date
}

export function createTransfers(sequelize: Sequelize): Transfers {
  const Row = sequelize.define<TransferModel>(
    'Transfer',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      number: { type: DataTypes.INTEGER, allowNull: false },
      sender: { type: DataTypes.STRING(64), allowNull: false },
      recipient: { type: DataTypes.STRING(200), allowNull: false },
      cents: { type: DataTypes.BIGINT, allowNull: false },
      sentAt: { type: DataTypes.DATE(3), allowNull: false },
    },
    {
      tableName: 'example_transfers',
      timestamps: false,
      indexes: [{ unique: true, fields: ['sender', 'number'] }, { fields: ['recipient'] }],
      // Compares names exactly, like the table of users.
      charset: 'utf8mb4',
      collate: 'utf8mb4_bin',
    },
  )
  const of = ({ username }: AppUser) => ({
    [Op.or]: [{ sender: username }, { recipient: username }],
  })
  const seenBy = ({ username }: AppUser, row: TransferModel): Transfer => {
    const sent = row.sender === username
    const cents = Number(row.cents)
    return {
      id: row.id,
      with: sent ? row.recipient : row.sender,
      cents: sent ? -cents : cents,
      at: row.sentAt,
    }
  }
  const sum = async (where: { sender: string } | { recipient: string }) => {
    // A string on PostgreSQL and MariaDB, and null without rows.
    const total: unknown = await Row.sum('cents', { where })
    return Number(total)
  }
  const balanceOf = async ({ username }: AppUser) => {
    const [came, went] = await Promise.all([
      sum({ recipient: username }),
      sum({ sender: username }),
    ])
    return openingCents + came - went
  }

  return {
    async send(from, to, cents) {
      const sender = from.username
      for (;;) {
        const number = 1 + (await Row.count({ where: { sender } }))
        if (cents > (await balanceOf(from))) return null
        try {
          const row = { number, sender, recipient: to.trim(), cents, sentAt: new Date() }
          return (await Row.create(row)).id
        } catch (error) {
          // Another transfer of this sender took the number first, so the balance may be lower: try again.
          if (!(error instanceof UniqueConstraintError)) throw error
        }
      }
    },
    async find(user, id) {
      const row = await Row.findOne({ where: { id, ...of(user) } })
      return row && seenBy(user, row)
    },
    async statementOf(user) {
      const [rows, cents] = await Promise.all([
        Row.findAll({ where: of(user), order: [['id', 'DESC']], limit: listed }),
        balanceOf(user),
      ])
      const opening = before.map(({ daysAgo, ...each }) => ({
        ...each,
        id: null,
        at: new Date(Date.now() - daysAgo * dayInMilliseconds),
      }))
      const transfers = [...rows.map((row) => seenBy(user, row)), ...opening]
      return { cents, transfers: transfers.slice(0, listed) }
    },
  }
}
