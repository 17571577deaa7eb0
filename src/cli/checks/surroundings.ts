/** Checks versions, NODE_ENV, and Express's setting for proxies. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

import type { CommandLineConfig } from '../config.js'
import { finding, type Finding } from './finding.js'

/** The lowest versions, as in package.json. */
const peers = { express: [4, 19], 'express-session': [1, 17], passport: [0, 6] } as const

/** The lowest versions of optional packages. */
const optionalPeers = {
  sequelize: [6, 37],
  twilio: [6, 2],
  '@simplewebauthn/server': [14, 0],
  '@opentelemetry/api': [1, 9],
} as const

/** Checks the versions of Node.js and of the packages of the application in the working directory. */
export function checkVersions(): readonly Finding[] {
  const [major = 0, minor = 0] = numbersOf(process.versions.node)
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22
  return [
    isSupported
      ? finding('ok', 'node', process.versions.node)
      : finding('fail', 'node', `${process.versions.node}; use ^20.19 or >=22.12`),
    ...Object.entries(peers).map(([name, least]) => {
      const version = versionOf(name)
      return version === null
        ? finding('fail', name, 'is not installed')
        : versionFinding(name, version, least)
    }),
    ...Object.entries(optionalPeers).flatMap(([name, least]) => {
      const version = versionOf(name)
      return version === null ? [] : [versionFinding(name, version, least)]
    }),
  ]
}

/** Checks NODE_ENV, which decides how strict Express and the other checks are. */
export function checkMode(mode: string | undefined): readonly Finding[] {
  if (mode === 'production') return [finding('ok', 'NODE_ENV', 'production')]
  const text =
    "is not 'production': Express shows stack traces to clients, and doctor is lenient about cookies"
  return [finding('warn', 'NODE_ENV', text)]
}

function versionFinding(
  name: string,
  version: string,
  [least, part]: readonly [number, number],
): Finding {
  const [own = 0, ownPart = 0] = numbersOf(version)
  const isNew = own > least || (own === least && ownPart >= part)
  return isNew
    ? finding('ok', name, version)
    : finding('fail', name, `${version}; use ${least}.${part} or newer`)
}

/** Checks that Express trusts the proxy in front of it, and no more. */
export function checkProxy(
  app: CommandLineConfig['app'],
  isProduction: boolean,
): readonly Finding[] {
  if (app === undefined) {
    return [finding('warn', 'trust proxy', 'not checked: give app in the configuration')]
  }
  const trusted: unknown = app.get('trust proxy')
  if (trusted === true) {
    const text = 'is true: clients can forge their address; set it to the number of proxies'
    return [finding('fail', 'trust proxy', text)]
  }
  const isSet = trusted !== undefined && trusted !== false && trusted !== 0
  if (isSet || !isProduction) return [finding('ok', 'trust proxy', isSet ? 'is set' : 'is off')]
  const text =
    "is off: behind a proxy, every client has the proxy's address; app.set('trust proxy', 1)"
  return [finding('warn', 'trust proxy', text)]
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10))
}

function versionOf(name: string): string | null {
  try {
    const entry = createRequire(resolve('package.json')).resolve(name)
    // Not every package exports its package.json, but each has one above its entry file.
    for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
      const manifest = manifestIn(folder)
      if (manifest?.name === name) return manifest.version
    }
  } catch {
    return null
  }
  return null
}

function manifestIn(folder: string): { readonly name: string; readonly version: string } | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly name: string
      readonly version: string
    }
  } catch {
    return null
  }
}
