/** Turns a row into the values of its columns, and back. */

import { readRow } from '../../core/read-row.js'
import type { SubjectState } from '../../core/state.js'
import { columns, optionalObjects, type ColumnType } from './columns.js'
import { readInstant, type Dialect } from './dialect.js'

/** A value that can be bound to a statement. */
export type Bind = string | number | boolean | null

/** A row as the database returns it, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

type Tree = Record<string, unknown>

/** The factors whose parts have columns of their own. */
const unfolded = new Set(
  columns.flatMap(({ path: [first, kind] }) => (first === 'factors' && kind ? [kind] : [])),
)

/** The values of `columns` for a row. */
export function bindsOf(state: SubjectState, dialect: Dialect): Bind[] {
  const source = { ...state, ...foldedParts(state), lock: unfoldedLock(state) }
  return columns.map(({ path, type }) => bindOf(type, valueAt(source, path), dialect))
}

function bindOf({ holds }: ColumnType, value: unknown, dialect: Dialect): Bind {
  if (value === null || value === undefined) return null
  if (holds === 'instant') return dialect.writeInstant(value as number)
  return holds === 'json' ? JSON.stringify(value) : (value as Bind)
}

function valueAt(source: unknown, path: readonly string[]): unknown {
  let value: unknown = source
  for (const name of path) value = (value as Tree | null | undefined)?.[name]
  return value
}

/** The parts without columns of their own, and the facts about all parts for operators. */
function foldedParts({ factors }: SubjectState): Tree {
  const parts = Object.entries(factors)
  const rest = parts.filter(([kind]) => !unfolded.has(kind))
  const kinds = parts.filter(([, { held }]) => held === true).map(([kind]) => kind)
  const seals = new Set(parts.flatMap(([, { sealedBy }]) => sealedBy ?? []))
  return {
    rest: rest.length === 0 ? null : Object.fromEntries(rest),
    derived: {
      kinds: kinds.length === 0 ? null : kinds.join(','),
      sealedBy: seals.size === 0 ? null : [...seals].join(','),
    },
  }
}

function unfoldedLock({ lock }: SubjectState): Tree {
  const isDisabled = lock.tier === 'disabled'
  return { isDisabled, tier: isDisabled ? 0 : lock.tier, until: lock.until }
}

/**
 * The row that was asked for by `subject`.
 *
 * @throws StoreUnavailableError for values that no write of this package left there.
 */
export function rowOf(values: Row, subject: string): SubjectState {
  const tree: Tree = { subject: values['subject'], factors: {} }
  for (const { path, key, absent } of optionalObjects) {
    if (values[key] === null && absent === null) put(tree, path, null)
  }
  for (const { column, path, type } of columns) {
    if (path[0] !== 'derived' && !isAbsent(values, path)) {
      put(tree, path, valueOf(type, values[column]))
    }
  }
  const { rest, ...row } = foldedCode(tree)
  const factors = { ...(rest as object | null), ...(tree['factors'] as object) }
  return readRow({ ...row, factors, lock: foldedLock(tree) }, subject)
}

function isAbsent(values: Row, path: readonly string[]): boolean {
  return optionalObjects.some(
    (optional) =>
      values[optional.key] === null && optional.path.every((name, at) => path[at] === name),
  )
}

/** A value that is not what its column holds becomes one that the reader of the row rejects. */
function valueOf({ holds }: ColumnType, value: unknown): unknown {
  if (value === null) return null
  switch (holds) {
    case 'instant':
      return readInstant(value)
    case 'flag':
      return Number(value) === 1 || (Number(value) === 0 ? false : undefined)
    case 'json':
      return parsed(value)
    default:
      return value
  }
}

function parsed(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined
  } catch {
    return undefined
  }
}

/** Puts a value into the tree. Inside an object that is absent there is no place for it. */
function put(tree: Tree, path: readonly string[], value: unknown): void {
  let place: unknown = tree
  const last = path.length - 1
  for (const [at, name] of path.entries()) {
    if (typeof place !== 'object' || place === null) return
    const object = place as Tree
    if (at === last) object[name] = value
    else place = object[name] === undefined ? (object[name] = {}) : object[name]
  }
}

/** The owner of a code decides which of its two columns counts. */
function foldedCode(tree: Tree): Tree {
  const code = valueAt(tree, ['factors', 'phone', 'challenge', 'code']) as Tree | null | undefined
  if (code !== null && code !== undefined) delete code[code['owner'] === 'local' ? 'ref' : 'keyId']
  return tree
}

function foldedLock(tree: Tree): unknown {
  const { isDisabled, tier, until } = tree['lock'] as Tree
  if (isDisabled === true) return { tier: 'disabled', until: null }
  return isDisabled === false ? { tier, until } : undefined
}
