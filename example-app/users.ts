/** The application's own users: a name, an Argon2 hash of the password, and an optional phone number. */

import { hash, verify } from '@node-rs/argon2'
import {
  DataTypes,
  UniqueConstraintError,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type Order,
  type Sequelize,
} from 'sequelize'

/** A user, without the password hash. */
export interface AppUser {
  readonly id: number
  readonly username: string
  readonly phone: string | null
  readonly phoneVerified: boolean
}

declare global {
  namespace Express {
    interface User extends AppUser {}
  }
}

export interface Users {
  /** Adds the demo users that are missing. */
  addDemoUsers(): Promise<void>
  /** Returns the user with this name and password, or `null`. */
  authenticate(username: string, password: string): Promise<AppUser | null>
  /** Returns the new user, or `null` if the name is taken. */
  register(username: string, password: string, phone: string | null): Promise<AppUser | null>
  findById(id: number): Promise<AppUser | null>
  /** Returns the user who has verified this phone; if nobody has, the first who gave it. */
  findByPhone(phone: string): Promise<AppUser | null>
  setVerifiedPhone(user: AppUser, phone: string): Promise<void>
  /** Returns true if this is the user's password. */
  hasPassword(user: AppUser, password: string): Promise<boolean>
  setPassword(user: AppUser, password: string): Promise<void>
  /** Returns true if the second factor has recorded that this user has a factor. */
  hasFactors(user: AppUser): Promise<boolean>
  setHasFactors(user: AppUser, has: boolean): Promise<void>
}

interface UserModel extends Model<InferAttributes<UserModel>, InferCreationAttributes<UserModel>> {
  id: CreationOptional<number>
  username: string
  passwordHash: string
  phone: string | null
  phoneVerified: boolean
  hasFactors: CreationOptional<boolean>
}

const demoUsers = [
  ['alice', 'wonderland-7', '+237671234567'],
  ['bob', 'builder-9', '+919876543210'],
  ['carol', 'no-phone-3', null],
  ['dave', 'shared-5', '+14155550123'],
  ['olga', 'night-watch-6', '+447400123456'],
] as const

export function createUsers(sequelize: Sequelize): Users {
  const User = sequelize.define<UserModel>(
    'User',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      username: { type: DataTypes.STRING(64), allowNull: false, unique: true },
      passwordHash: { type: DataTypes.STRING(255), allowNull: false },
      phone: { type: DataTypes.STRING(20), allowNull: true },
      phoneVerified: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      hasFactors: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    },
    {
      tableName: 'example_users',
      timestamps: false,
      // Otherwise MySQL and MariaDB would treat "Alice" and "álice" as the same name.
      charset: 'utf8mb4',
      collate: 'utf8mb4_bin',
    },
  )
  const found = (model: UserModel | null): AppUser | null => {
    if (model === null) return null
    const { id, username, phone, phoneVerified } = model
    return { id, username, phone, phoneVerified }
  }
  // An unknown name takes as long as a wrong password, or the time would reveal which names exist.
  const nobodysHash = hash('nobody has this password')

  return {
    async addDemoUsers() {
      for (const [username, password, phone] of demoUsers) {
        // Reads every column, because a table from an earlier release must fail at the start, not at the first login.
        if ((await User.findOne({ where: { username } })) !== null) continue
        const passwordHash = await hash(password)
        await User.create({ username, passwordHash, phone, phoneVerified: phone !== null })
      }
    },
    async authenticate(username, password) {
      const model = await User.findOne({ where: { username } })
      const right = await verify(model?.passwordHash ?? (await nobodysHash), password)
      return right ? found(model) : null
    },
    async register(username, password, phone) {
      const passwordHash = await hash(password)
      try {
        return found(await User.create({ username, passwordHash, phone, phoneVerified: false }))
      } catch (error) {
        if (error instanceof UniqueConstraintError) return null
        throw error
      }
    },
    findById: async (id) => found(await User.findByPk(id)),
    async findByPhone(phone) {
      // A verified phone comes first, because anybody can register with somebody else's.
      const order: Order = [
        ['phoneVerified', 'DESC'],
        ['id', 'ASC'],
      ]
      return found(await User.findOne({ where: { phone }, order }))
    },
    async setVerifiedPhone(user, phone) {
      await User.update({ phone, phoneVerified: true }, { where: { id: user.id } })
    },
    async hasPassword({ id }, password) {
      const model = await User.findByPk(id)
      return model !== null && verify(model.passwordHash, password)
    },
    async setPassword({ id }, password) {
      await User.update({ passwordHash: await hash(password) }, { where: { id } })
    },
    async hasFactors({ id }) {
      return (await User.findByPk(id))?.hasFactors ?? false
    },
    async setHasFactors({ id }, has) {
      await User.update({ hasFactors: has }, { where: { id } })
    },
  }
}
