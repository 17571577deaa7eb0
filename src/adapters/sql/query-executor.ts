/** Runs statements through the application's own function, and retries once if that is safe. */

import { ConfigurationError } from '../../core/errors.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import { faultOf, isDuplicate, isPassing, isUndone } from './faults.js'
import { orderedStatement, type Ordered } from './placeholders.js'
import { changesOf, statesOf, type SqlAnswer, type SqlQuery } from './query.js'
import type { Bind } from './row-values.js'
import { statementName } from './statement-name.js'

/** A statement in the form that the application's client takes. */
interface Prepared extends Ordered {
  readonly name: string
}

/**
 * Makes the executor. `owner` appears in its errors. On PostgreSQL and SQLite each statement returns its changed rows,
 * because most clients pass on no count. An insert of a taken key returns no rows there; on MySQL it fails.
 */
export function queryExecutor(owner: string, { name }: Dialect, query: SqlQuery): Executor {
  const returns = name !== 'mysql'
  const returning = returns ? ' RETURNING 1 AS state' : ''
  const skipping = returns ? ' ON CONFLICT DO NOTHING' : ''
  const reads = new Map<string, Prepared>()
  const changes = new Map<string, Prepared>()
  const inserts = new Map<string, Prepared>()

  const prepared = (kept: Map<string, Prepared>, sql: string, end: string): Prepared => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const ordered = orderedStatement(sql + end, name === 'postgres')
    const made = { ...ordered, name: statementName(ordered.text) }
    kept.set(sql, made)
    return made
  }
  const send = async ({ text, valuesOf, name }: Prepared, bind: Bind[]): Promise<SqlAnswer> => {
    const values = valuesOf(bind)
    try {
      return await query(text, values, name)
    } catch (error) {
      if (!isPassing(error)) throw error
      return query(text, values, name)
    }
  }
  const guarded = async <T>(statement: Prepared, bind: Bind[], read: (answer: unknown) => T) => {
    let answer: unknown
    try {
      answer = await send(statement, bind)
    } catch (error) {
      throw faultOf(error)
    }
    return read(answer)
  }
  const states = (answer: unknown) => statesOf(owner, answer)
  const changed = (answer: unknown) => changesOf(owner, answer, returns)

  return {
    all: (sql, bind) => guarded(prepared(reads, sql, ''), bind, states),
    first: async (sql, bind) => {
      const [state] = await guarded(prepared(reads, sql, ''), bind, states)
      return state ?? null
    },
    change: (sql, bind) => guarded(prepared(changes, sql, returning), bind, changed),
    async written(sql, bind) {
      try {
        const { text, valuesOf, name } = prepared(reads, sql, '')
        return states(await query(text, valuesOf(bind), name))
      } catch (error) {
        if (error instanceof ConfigurationError) throw error
        if (isUndone(error)) return null
        throw faultOf(error)
      }
    },
    async insert(sql, bind) {
      try {
        const statement = prepared(inserts, sql, skipping + returning)
        return changed(await send(statement, bind)) === 1
      } catch (error) {
        if (error instanceof ConfigurationError) throw error
        if (isDuplicate(error)) return false
        throw faultOf(error)
      }
    },
  }
}
