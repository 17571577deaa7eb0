/**
 * A second factor as a careful developer writes it by hand with Sequelize's models: codes stored as an HMAC, one row
 * per user, and every count an atomic conditional UPDATE, so parallel guesses share one budget. It has the attempt
 * budget, the lock, the wait between messages and single use; it has no grants, no resend of the same code, no ladder
 * and no daily limit.
 */

import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

import { DataTypes, literal, Op, UniqueConstraintError } from 'sequelize'

const secret = 'a secret for benchmarks, of 32 bytes at least'
const lifetimeMs = 300_000
const waitMs = 30_000
const lockMs = 1_800_000
const maxAttempts = 5
const lockAfterFailures = 10

/** Makes the table. */
export async function baseline(sequelize) {
  const Factor = sequelize.define(
    'Factor',
    {
      userId: { type: DataTypes.STRING, primaryKey: true },
      challengeId: { type: DataTypes.STRING },
      proof: { type: DataTypes.STRING },
      expiresAt: { type: DataTypes.DATE },
      attempts: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      failures: { type: DataTypes.INTEGER, allowNull: false, defaultValue: 0 },
      nextSendAt: { type: DataTypes.DATE },
      lockedUntil: { type: DataTypes.DATE },
    },
    { tableName: 'baseline_factors', timestamps: false },
  )
  await Factor.sync()
  const isOver = (now) => ({ [Op.or]: [null, { [Op.lte]: now }] })

  return {
    /** Answers the code to send, or `null` where none may go out now. */
    async start({ id: userId }) {
      const now = Date.now()
      const challengeId = randomBytes(16).toString('base64url')
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      const fresh = {
        challengeId,
        proof: proofOf(userId, challengeId, code),
        expiresAt: new Date(now + lifetimeMs),
        attempts: 0,
        nextSendAt: new Date(now + waitMs),
      }
      const allowed = {
        userId,
        nextSendAt: isOver(new Date(now)),
        lockedUntil: isOver(new Date(now)),
      }
      const [started] = await Factor.update(fresh, { where: allowed })
      if (started === 1) return code
      try {
        await Factor.create({ userId, ...fresh })
        return code
      } catch (error) {
        if (error instanceof UniqueConstraintError) return null
        throw error
      }
    },

    async verify({ id: userId }, code) {
      const now = new Date()
      const [counted] = await Factor.update(
        { attempts: literal('attempts + 1'), failures: literal('failures + 1') },
        {
          where: {
            userId,
            challengeId: { [Op.ne]: null },
            attempts: { [Op.lt]: maxAttempts },
            expiresAt: { [Op.gt]: now },
            lockedUntil: isOver(now),
          },
        },
      )
      if (counted === 0) return 'refused'
      const { challengeId, proof, failures } = await Factor.findByPk(userId, { raw: true })
      const given = challengeId === null ? '' : proofOf(userId, challengeId, code)
      if (!isSame(given, proof)) {
        if (failures % lockAfterFailures === 0) {
          const lockedUntil = new Date(now.getTime() + lockMs)
          await Factor.update({ lockedUntil }, { where: { userId, failures } })
        }
        return 'code_incorrect'
      }
      const [used] = await Factor.update(
        { challengeId: null, failures: 0, nextSendAt: null },
        { where: { userId, challengeId } },
      )
      return used === 1 ? 'passed' : 'refused'
    },
  }
}

function proofOf(userId, challengeId, code) {
  return createHmac('sha256', secret).update(`${userId}\0${challengeId}\0${code}`).digest('hex')
}

function isSame(left, right) {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}
