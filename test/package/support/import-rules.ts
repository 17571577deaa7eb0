/** The import rules between folders: the direction of dependencies, written down once. */

import ts from 'typescript'

import { at, walk, type Import, type SourceFile, type Violation } from './source-tree.js'

/** The imports allowed in one folder. */
interface Zone {
  /** Folders (or top files) whose code it may load. Its own is always among them. */
  readonly code: readonly string[]
  /** Folders whose types it may name. */
  readonly types?: readonly string[]
  /** Everything it takes from other files is types. */
  readonly typesOnly?: true
  /** Packages whose types it may name without loading them. */
  readonly packageTypes?: readonly string[]
  /** Node's own modules it may load. */
  readonly node?: readonly string[]
}

const webTypes = ['express', 'express-session', 'passport', 'node:http']

/** A vendor's adapter implements what a factor asks of its vendors, and knows nothing else of the factor. */
const vendor: Zone = {
  code: ['src/core', 'src/ports', 'src/adapters/http'],
  types: ['src/factors/phone'],
  node: ['node:crypto', 'node:net'],
}

const database: Zone = { code: ['src/core', 'src/ports'], node: ['node:crypto'] }

const metrics: Zone = { code: ['src/core', 'src/ports', 'src/adapters/metrics'] }

/** Every room that names no factor. */
const rooms: readonly string[] = [
  ...['src/core', 'src/texts', 'src/pages', 'src/ports', 'src/flows', 'src/express'],
  ...['src/operations', 'src/passport'],
]

const zones: Readonly<Record<string, Zone>> = {
  'src/core': { code: [], node: ['node:crypto', 'node:util'] },
  'src/texts': { code: ['src/core'] },
  'src/pages': { code: ['src/core', 'src/texts'], node: ['node:crypto', 'node:fs'] },
  'src/ports': { code: ['src/core', 'src/pages'], typesOnly: true },
  'src/factors/*': {
    code: ['src/core', 'src/texts', 'src/pages', 'src/ports'],
    node: ['node:crypto', 'node:net'],
  },
  // A script of its own pages.
  'src/factors/passkeys': {
    code: ['src/core', 'src/texts', 'src/pages', 'src/ports'],
    node: ['node:crypto', 'node:fs'],
  },
  'src/flows': { code: ['src/core', 'src/ports'] },
  // Models and pages of operators, without Express.
  'src/operations': { code: ['src/core', 'src/pages', 'src/ports', 'src/flows'] },
  'src/express': {
    code: ['src/core', 'src/texts', 'src/pages', 'src/ports', 'src/flows', 'src/operations'],
    packageTypes: webTypes,
    node: ['node:crypto', 'node:http'],
  },
  'src/passport': { code: ['src/core', 'src/express'], packageTypes: webTypes },
  'src/adapters/http': { code: ['src/core'], node: ['node:net'] },
  'src/adapters/console': vendor,
  'src/adapters/failover': vendor,
  'src/adapters/twilio': vendor,
  'src/adapters/textbee': vendor,
  // Shared by the sinks of metrics: the table of instruments, and the measuring of events.
  'src/adapters/metrics': { code: ['src/core', 'src/ports'] },
  'src/adapters/opentelemetry': metrics,
  'src/adapters/prometheus': metrics,
  'src/adapters/events': { code: ['src/core', 'src/ports'] },
  'src/adapters/memory': database,
  'src/adapters/redis': database,
  'src/adapters/sql': database,
  // The one adapter on top of another: it runs the statements of SQL through Sequelize.
  'src/adapters/sequelize': { ...database, code: [...database.code, 'src/adapters/sql'] },
  'src/testing': {
    code: [
      ...['src/core', 'src/pages', 'src/ports', 'src/flows'],
      // The names that its entry point re-exports.
      ...['src/adapters/console', 'src/factors/totp'],
    ],
    node: ['node:*'],
  },
  // The entry point for those who write a factor.
  'src/factors': { code: ['src/core', 'src/pages', 'src/ports'] },
  'src/shipped-factors.ts': {
    code: ['src/core', 'src/pages', 'src/ports', 'src/factors/*'],
    packageTypes: webTypes,
  },
  'src/resolve-enrolment.ts': { code: rooms },
  'src/resolve-trust.ts': { code: rooms },
  // A program of its own, which nothing imports.
  'src/cli': {
    code: ['src/core', 'src/ports', 'src/flows', 'src/adapters/sql'],
    types: ['src/options.ts'],
    node: ['node:*'],
  },
  'src/options.ts': {
    code: [...rooms, 'src/shipped-factors.ts', 'src/resolve-enrolment.ts', 'src/resolve-trust.ts'],
    typesOnly: true,
  },
  'src/resolve-options.ts': {
    code: [
      ...[...rooms, 'src/options.ts', 'src/shipped-factors.ts'],
      ...['src/resolve-enrolment.ts', 'src/resolve-trust.ts'],
    ],
  },
  'src/create-second-factor.ts': {
    code: [...rooms, 'src/options.ts', 'src/resolve-options.ts', 'src/shipped-factors.ts'],
    packageTypes: webTypes,
  },
  'src/index.ts': {
    // The type of what the command line loads.
    types: ['src/cli'],
    code: [
      ...[...rooms, 'src/create-second-factor.ts', 'src/options.ts', 'src/factors/*'],
      ...['src/adapters/console', 'src/adapters/failover', 'src/adapters/memory'],
      ...['src/adapters/events'],
    ],
  },
}

/** The one place that may load each third-party package; the lazy ones only when they are used. */
const homes: Readonly<Record<string, { readonly at: string; readonly lazy?: true }>> = {
  'libphonenumber-js': { at: 'src/factors/phone/phone-number.ts' },
  '@scure/base': { at: 'src/factors/totp/rules/secret.ts' },
  uqr: { at: 'src/factors/totp/qr.ts' },
  'passport-custom': { at: 'src/passport/' },
  express: { at: 'src/express/' },
  'escape-html': { at: 'src/pages/' },
  cockatiel: { at: 'src/adapters/failover/' },
  sequelize: { at: 'src/adapters/sequelize/' },
  twilio: { at: 'src/adapters/twilio/', lazy: true },
  '@opentelemetry/api': { at: 'src/adapters/opentelemetry/' },
  '@simplewebauthn/server': { at: 'src/factors/passkeys/', lazy: true },
}

/** The only file that may draw random values. */
const randomnessHome = 'src/core/random.ts'

/** Every import of `src` that its folder does not allow. `packages` are those that users get with ours. */
export function importViolations(
  files: readonly SourceFile[],
  packages: readonly string[],
): Violation[] {
  const known = new Set(files.map((file) => file.path))
  return files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const complaint =
        imported.target === null
          ? packageComplaint(file.path, imported, packages)
          : fileComplaint(file.path, imported, imported.target, known)
      return complaint === null ? [] : [`${file.path}:${imported.line}: ${complaint}`]
    }),
  )
}

function fileComplaint(
  from: string,
  imported: Import,
  target: string,
  known: ReadonlySet<string>,
): string | null {
  if (!imported.specifier.endsWith('.js')) return `'${imported.specifier}' must end in .js`
  if (!known.has(target)) return `imports ${target}, which is not in src`
  const own = folderOf(from)
  const zone = zoneOf(own)
  if (zone === undefined) return unknownFolder(own)
  const other = folderOf(target)
  const mayNameTypes =
    imported.typesOnly && zone.types?.some((folder) => covers(folder, other)) === true
  const allowed = mayNameTypes || other === own || zone.code.some((folder) => covers(folder, other))
  if (!allowed) return `${own} must not import ${other}`
  if (zone.typesOnly && !imported.typesOnly)
    return `${own} may import types only: write import type`
  return null
}

function packageComplaint(
  from: string,
  imported: Import,
  packages: readonly string[],
): string | null {
  const own = folderOf(from)
  const zone = zoneOf(own)
  if (zone === undefined) return unknownFolder(own)
  const name = packageOf(imported.specifier)
  if (imported.typesOnly && zone.packageTypes?.includes(name)) return null
  if (name.startsWith('node:')) {
    const allowed = zone.node?.some((module) => module === name || module === 'node:*')
    return allowed ? null : `${own} must not import ${name}`
  }
  const home = homes[name]
  if (home === undefined) return `no folder of src may import ${name}`
  if (!from.startsWith(home.at)) return `${name} is imported in ${home.at} only`
  if (home.lazy && !imported.lazy && !imported.typesOnly) {
    return `${name} is optional and slow to load: import it when it is first used`
  }
  return packages.includes(name) ? null : `${name} is no dependency or peer in package.json`
}

function unknownFolder(folder: string): string {
  return `no rule says what ${folder} may import: write one in test/package/support/import-rules.ts`
}

/** Chains of imports, those of types included, that come back to where they began. */
export function importCycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const finished = new Set<string>()
  const cycles: Violation[] = []
  const visit = (path: string, trail: readonly string[]) => {
    const seenAt = trail.indexOf(path)
    if (seenAt >= 0) {
      const cycle = [...trail.slice(seenAt), path]
      cycles.push(`${path}: no import may lead back to its own file: ${cycle.join(' -> ')}`)
      return
    }
    if (finished.has(path)) return
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== null) visit(target, [...trail, path])
    }
    finished.add(path)
  }
  for (const path of byPath.keys()) visit(path, [])
  return cycles
}

/** Ambient time, I/O or settings inside `src/core`, and randomness anywhere but in its one file. */
export function impurities(files: readonly SourceFile[]): Violation[] {
  const ambient =
    /^(?:process|console|fetch|performance|globalThis|setTimeout|setInterval|setImmediate|queueMicrotask)$/
  const random = /^(?:Math\.random|crypto\.\w+|randomBytes|randomInt|randomUUID|getRandomValues)$/
  return files.flatMap((file) => {
    const found: Violation[] = []
    const pure = file.path.startsWith('src/core/')
    walk(file.ast, (node) => {
      const complain = (rule: string) => {
        found.push(`${at(file, node.getStart())}: ${node.getText()}: ${rule}`)
      }
      if (ts.isIdentifier(node) && isFree(node)) {
        if (pure && ambient.test(node.text))
          complain('src/core has no I/O and no settings of its own')
        if (file.path !== randomnessHome && random.test(node.text)) complain(randomnessRule)
      }
      if (ts.isPropertyAccessExpression(node)) {
        if (pure && node.getText() === 'Date.now') complain('src/core is given the time')
        if (file.path !== randomnessHome && random.test(node.getText())) complain(randomnessRule)
      }
      if (pure && ts.isNewExpression(node) && /^new Date(?:\(\))?$/.test(node.getText())) {
        complain('src/core is given the time')
      }
    })
    return found
  })
}

const randomnessRule = `random values are drawn in ${randomnessHome} only`

/** True if an identifier refers to a variable, not to a property or a declared name. */
function isFree(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  return !('name' in parent && parent.name === node)
}

/** `src/adapters/redis/store.ts` is in `src/adapters/redis`, as factors are apart; a file at the top is its own. */
function folderOf(path: string): string {
  const parts = path.split('/')
  if (parts.length <= 2) return path
  return parts.slice(0, isDivided(parts[1]) ? Math.min(3, parts.length - 1) : 2).join('/')
}

/** Folders whose own folders know nothing of each other. */
function isDivided(folder: string | undefined): boolean {
  return folder === 'adapters' || folder === 'factors'
}

function zoneOf(folder: string): Zone | undefined {
  return zones[folder] ?? (covers('src/factors/*', folder) ? zones['src/factors/*'] : undefined)
}

function covers(pattern: string, folder: string): boolean {
  return pattern.endsWith('/*') ? folder.startsWith(pattern.slice(0, -1)) : pattern === folder
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
