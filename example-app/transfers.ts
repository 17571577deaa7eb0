/** The money of the demonstration: transfers in a table, and a balance that is what they come to. */

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

/** A transfer as one of its two users sees it. */
export interface Transfer {
  /** `null` of those that everybody begins with. */
  readonly id: number | null
  /** Who is on the other side. */
  readonly with: string
  /** Above 0 what came in, below 0 what went out. */
  readonly cents: number
  readonly at: Date
}

/** What an account holds. */
export interface Statement {
  readonly cents: number
  /** The latest, newest first. */
  readonly transfers: readonly Transfer[]
}

export interface Transfers {
  /** Returns the id of the transfer; `null` where the sender has less, however many are sent at once. */
  send(from: AppUser, to: string, cents: number): Promise<number | null>
  /** One that this user sent or got; `null` where there is none of that id. */
  find(user: AppUser, id: number): Promise<Transfer | null>
  statementOf(user: AppUser): Promise<Statement>
}

/** How many transfers a statement lists. */
const listed = 8

/** What everybody begins with, so that no page is empty. */
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
  /** How many its sender has sent with this one. */
  number: number
  sender: string
  recipient: string
  /** PostgreSQL and MariaDB give numbers of that size as texts. */
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
      // As the names of users are told apart.
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
    // As it comes: a text from PostgreSQL and MariaDB, nothing where there is no row.
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
          // Another transfer of this sender came first and took the number: what is left may be less.
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
