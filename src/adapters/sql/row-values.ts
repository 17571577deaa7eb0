/** Converts a row to the values of its columns, and back. */

import { readRow } from '../../core/read-row.js'
import { isObject } from '../../core/shape.js'
import type { SubjectState } from '../../core/state.js'
import {
  columns,
  optionalObjects,
  readColumns,
  type ColumnDefinition,
  type ColumnType,
  type OptionalObject,
} from './columns.js'
import { readInstant, type Dialect } from './dialect.js'

/** A value that can be bound to a statement. */
export type Bind = string | number | boolean | null

/** A row from the database, by column name. */
export type Row = Readonly<Record<string, unknown>>

type Tree = Record<string, unknown>

/** One object of a row: its fields that have columns, and its nested objects. */
interface Branch {
  readonly name: string
  readonly fields: readonly Field[]
  readonly names: ReadonlySet<string>
  readonly branches: readonly Branch[]
  /** Set if a row may lack this object. */
  readonly optional: OptionalObject | undefined
}

/** A column, the field that holds its value, and its index among the binds. */
interface Field extends Pick<ColumnDefinition, 'column' | 'type'> {
  readonly name: string
  readonly at: number
}

/** Builds the branch at this path. Built once, so rows need no path lookups. */
function branchOf(definitions: readonly ColumnDefinition[], ...names: readonly string[]): Branch {
  const depth = names.length
  const below = definitions
    .map((definition, at) => ({ ...definition, at, name: definition.path[depth] ?? '' }))
    .filter(({ path }) => path.length > depth && names.every((name, level) => path[level] === name))
  const fields = below.filter(({ path }) => path.length === depth + 1)
  const inner = below.filter(({ path }) => path.length > depth + 1).map(({ name }) => name)
  return {
    ...{ name: names.at(-1) ?? '', fields },
    names: new Set(fields.map(({ name }) => name)),
    branches: [...new Set(inner)].map((name) => branchOf(definitions, ...names, name)),
    optional: optionalObjects.get(names.join('.')),
  }
}

const written = branchOf(columns)
const read = branchOf(readColumns.filter(({ path: [first] }) => first !== 'rest'))
const partsInColumns = branchOf(columns, 'factors')

/** Returns a row's values, in the order of `columns`. */
export function bindsOf(state: SubjectState, dialect: Dialect): Bind[] {
  const binds = new Array<Bind>(columns.length).fill(null)
  const rest = leftOver(partsInColumns, state.factors)
  const [lock, derived] = [unfoldedLock(state), factsOf(state)]
  writeBranch(written, { ...state, lock, rest, derived }, binds, dialect)
  return binds
}

/** Columns of an absent object stay NULL. */
function writeBranch({ fields, branches }: Branch, object: Tree, binds: Bind[], dialect: Dialect) {
  for (const { name, at, type } of fields) binds[at] = bindOf(type, object[name], dialect)
  for (const branch of branches) {
    const inner = object[branch.name]
    if (isObject(inner)) writeBranch(branch, inner, binds, dialect)
  }
}

function bindOf({ holds }: ColumnType, value: unknown, dialect: Dialect): Bind {
  if (value === null || value === undefined) return null
  if (holds === 'instant') return dialect.writeInstant(value as number)
  if (holds === 'flag') return dialect.writeFlag(value as boolean)
  return holds === 'json' ? JSON.stringify(value) : (value as Bind)
}

/** The fields without a column, at any depth; `null` if every field has one. */
function leftOver({ names, branches }: Branch, object: Tree): Tree | null {
  const left: [name: string, value: unknown][] = []
  for (const name of Object.keys(object)) {
    const value = object[name]
    if (names.has(name) || value === undefined) continue
    const branch = branches.find((each) => each.name === name)
    const kept = branch === undefined || !isObject(value) ? value : leftOver(branch, value)
    if (branch === undefined || kept !== null) left.push([name, kept])
  }
  return left.length === 0 ? null : Object.fromEntries(left)
}

/** Facts about all factors, for operators. */
function factsOf({ factors }: SubjectState): Tree {
  const parts = Object.entries(factors)
  const kinds = parts.filter(([, { held }]) => held === true).map(([kind]) => kind)
  const seals = new Set(parts.flatMap(([, { sealedBy }]) => sealedBy ?? []))
  return {
    kinds: kinds.length === 0 ? null : kinds.join(','),
    sealedBy: seals.size === 0 ? null : [...seals].join(','),
  }
}

function unfoldedLock({ lock }: SubjectState): Tree {
  const isDisabled = lock.tier === 'disabled'
  return { isDisabled, tier: isDisabled ? 0 : lock.tier, until: lock.until }
}

/**
 * Builds the row of `subject` from its columns.
 *
 * @throws StoreUnavailableError for values that this package never writes.
 */
export function rowOf(values: Row, subject: string): SubjectState {
  const row = readBranch(read, values)
  row['subject'] = values['subject']
  row['lock'] = foldedLock(row['lock'] as Tree)
  row['factors'] = foldedParts(row['factors'] as Tree, values['factors'])
  return readRow(row, subject)
}

function readBranch({ fields, branches }: Branch, values: Row): Tree {
  const object: Tree = {}
  for (const { name, column, type } of fields) object[name] = valueOf(type, values[column])
  for (const branch of branches) {
    const { name, optional } = branch
    if (optional === undefined || values[optional.key] !== null) {
      object[name] = readBranch(branch, values)
    } else if (optional.absent === null) {
      object[name] = null
    }
  }
  return object
}

/** Turns a value of the wrong type into one that `readRow` rejects. */
function valueOf({ holds }: ColumnType, value: unknown): unknown {
  if (value === null) return null
  switch (holds) {
    case 'instant':
      return readInstant(value)
    case 'flag':
      return flagOf(value)
    case 'json':
      return parsed(value)
    default:
      return value
  }
}

/** PostgreSQL returns booleans, the others 1 and 0. */
function flagOf(value: unknown): boolean | undefined {
  if (value === true || value === 1) return true
  return value === false || value === 0 ? false : undefined
}

/** Parses JSON; `undefined` if it is damaged, because the error would quote it. */
export function parsed(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined
  } catch {
    return undefined
  }
}

/** The parts of all factors; `undefined` if the JSON is damaged, because it may hold what the person has enrolled. */
function foldedParts(inColumns: Tree, json: unknown): Tree | undefined {
  for (const part of Object.values(inColumns)) foldCode(part as Tree)
  if (json === null) return inColumns
  const rest = parsed(json)
  return isObject(rest) ? merged(inColumns, rest) : undefined
}

/** Merges an object from columns with its fields that have none. A column's value wins. */
function merged(inColumns: Tree, rest: Tree): Tree {
  const whole: Tree = { ...rest }
  for (const [name, value] of Object.entries(inColumns)) {
    const others = rest[name]
    if (!isObject(value) || others === undefined) whole[name] = value
    else whole[name] = isObject(others) ? merged(value, others) : undefined
  }
  return whole
}

/** A code's owner decides which of its two columns applies. */
function foldCode(part: Tree): void {
  const challenge = part['challenge'] as { code: Tree } | null | undefined
  if (challenge === null || challenge === undefined) return
  const { owner, keyId, ref } = challenge.code
  challenge.code = owner === 'local' ? { owner, keyId } : { owner, ref }
}

function foldedLock({ isDisabled, tier, until }: Tree): unknown {
  if (isDisabled === true) return { tier: 'disabled', until: null }
  return isDisabled === false ? { tier, until } : undefined
}
