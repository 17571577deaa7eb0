/** Makes sure that each run uses the versions of Express and Passport that it names. */

import { createRequire } from 'node:module'

import express from 'express'
import passport from 'passport'
import { expect, inject, test } from 'vitest'

import { startTestApp } from '../support/app.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The packages that this run is promised to use, each with its version as far as it matters. */
    versions: Record<'express' | 'passport', readonly [name: string, version: string]>
  }
}

const installed = createRequire(import.meta.url)

test.each(['express', 'passport'] as const)('this run uses the promised %s', (name) => {
  const [alias, version] = inject('versions')[name]
  const manifest = installed(`${alias}/package.json`) as { name: string; version: string }
  expect(manifest).toMatchObject({
    name,
    version: expect.stringMatching(`^${version}[.]`) as string,
  })
  expect({ express, passport }[name]).toBe(installed(alias))
})

test('the router comes from the same Express as the application', async () => {
  const app = await startTestApp()
  await app.close()
  const handleOf = (router: object): unknown => Reflect.get(router, 'handle')
  expect(handleOf(app.secondFactor.router())).toBe(handleOf(express.Router()))
})
