import { defineConfig } from 'vitest/config'

/**
 * What an application's Express and Passport can change: run against both supported pairs of versions. Nearly every file
 * here starts an application. The other rooms reach Express, if at all, through helpers that these files try already.
 */
const onEveryPair = ['test/{http,security,passport}/**/*.test.ts']

/** Tests that start the example as a process of its own, and therefore need it built. */
const ofTheExample = ['test/{example,browser}/**/*.test.ts']

/** Tests that count the timers left: a module that another file has loaded could start one meanwhile. */
const countingTimers = [
  'test/adapters/{deadlines,http-options,receipt-source-deadline}.test.ts',
  'test/factors/phone/{delivery,hosted-faults}.test.ts',
  'test/factors/phone/limits/outcome-buffer.test.ts',
  'test/flows/{store-faults,users}.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 90_000,
    // Vitest would leave one processor to itself, which has little to do: half of a machine with two.
    maxWorkers: '100%',
    // Loading Express, Sequelize and the sources took longer than most files' tests. Files share loaded modules instead,
    // and have to undo what they change outside of their own variables: mocks, timers, the environment.
    isolate: false,
    unstubEnvs: true,
    setupFiles: 'test/support/set-up-file.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: [...ofTheExample, ...countingTimers],
          provide: { versions: { express: ['express', '5'], passport: ['passport', '0.7'] } },
        },
      },
      {
        extends: true,
        test: {
          name: 'timers',
          include: countingTimers,
          isolate: true,
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
