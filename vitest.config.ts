import { defineConfig } from 'vitest/config'

/** What an application's Express and Passport can change: run against both supported pairs of versions. */
const onEveryPair = ['test/{http,security,passport}/**/*.test.ts']

/** What starts the example as a process of its own, and therefore needs it built. */
const ofTheExample = ['test/{example,browser}/**/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: ofTheExample,
          provide: { versions: { express: ['express', '5'], passport: ['passport', '0.7'] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'example',
          include: ofTheExample,
          globalSetup: 'test/support/build-example.ts',
        },
      },
      {
        extends: true,
        resolve: {
          alias: [
            { find: /^express(?=$|\/)/, replacement: 'express4' },
            { find: /^passport(?=$|\/)/, replacement: 'passport06' },
          ],
        },
        test: {
          name: 'express 4, passport 0.6',
          include: onEveryPair,
          provide: { versions: { express: ['express4', '4'], passport: ['passport06', '0.6'] } },
        },
      },
    ],
  },
})
