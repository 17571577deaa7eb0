/** The test application with the operators' pages: alice is an operator, and nobody else is. */

import {
  memoryAudit,
  memoryCounts,
  type CountStore,
  type OperationsRouterOptions,
  type SecondFactorOptions,
} from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from './app.js'

/** The mount path of the pages. */
export const ops = '/ops'

/** The application, and the counts that it shares with others. */
export interface OperationsApp extends TestApp, AsyncDisposable {
  readonly counts: CountStore
}

/** The parts that a test can replace. */
export interface OperationsAppOptions {
  readonly router?: Partial<OperationsRouterOptions>
  readonly counts?: CountStore
  readonly secondFactor?: Partial<SecondFactorOptions<TestUser>>
}

/** Starts it. */
export async function startOperationsApp({
  router = {},
  counts = memoryCounts(),
  secondFactor = {},
}: OperationsAppOptions = {}): Promise<OperationsApp> {
  const app = await startTestApp({
    secondFactor: { operations: { counts }, audit: memoryAudit(), ...secondFactor },
    routes(server, created) {
      server.use(
        ops,
        created.operationsRouter({
          authorize: ({ user }) => user?.username === 'alice',
          actor: ({ user }) => `${user?.username ?? ''}@example.com`,
          ...router,
        }),
      )
    },
  })
  return { ...app, counts, [Symbol.asyncDispose]: () => app.close() }
}
