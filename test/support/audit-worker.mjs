/**
 * A process that is killed in the middle of an operator's action: for each database passed to it, it begins a reset on
 * a store that never responds, and prints a line once the action is waiting.
 */

import { Sequelize } from 'sequelize'

import { consoleSender, createSecondFactor } from '../../dist/index.js'
import { sequelizeAudit, tuneSqlite } from '../../dist/adapters/sequelize/index.js'

const [tableName, ...urls] = process.argv.slice(2)

for (const url of urls) {
  const sequelize = tuneSqlite(new Sequelize(url, { logging: false }))
  const secondFactor = createSecondFactor({
    secret: 'secret-of-at-least-thirty-two-bytes-0',
    sender: consoleSender({ print: () => undefined }),
    users: { id: (user) => user.id, phone: () => null },
    audit: sequelizeAudit({ sequelize, tableName }),
    store: {
      read() {
        console.log('waiting')
        return new Promise(() => undefined)
      },
      compareAndSwap: () => Promise.resolve(true),
      delete: () => Promise.resolve(),
    },
  })
  secondFactor.reset({ id: '42' }, { actor: 'maria', reason: 'ticket 4711' }).catch(() => undefined)
}

// Waits to be killed.
await new Promise((resolve) => setTimeout(resolve, 600_000))
