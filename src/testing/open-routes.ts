/** Holds an application to the list of routes that the password alone may reach. */

import { AssertionError } from 'node:assert'

/**
 * Compares the routes that the password alone has reached in this test with those that are meant to be open. Log in by
 * password without a code first, and visit every page of the application; only what was asked for is seen.
 *
 * @throws AssertionError naming the routes that answered and are not listed, and those listed that did not answer.
 * @example
 * expectOpenRoutes(secondFactor, ['GET /', 'GET /about'])
 */
export function expectOpenRoutes(
  secondFactor: { openRoutes(): readonly string[] },
  expected: readonly string[],
): void {
  const actual = secondFactor.openRoutes()
  const unlisted = actual.filter((route) => !expected.includes(route))
  const silent = expected.filter((route) => !actual.includes(route))
  if (unlisted.length + silent.length === 0) return
  const message = [
    ...unlisted.map(
      (route) => `${route} is open to the password alone: put it below a gate, or list it`,
    ),
    ...silent.map(
      (route) =>
        `${route} has answered no session with the password alone: visit it, or take it off the list`,
    ),
  ].join('\n')
  throw new AssertionError({
    ...{ message, operator: 'expectOpenRoutes', stackStartFn: expectOpenRoutes },
    ...{ actual: [...actual].sort(), expected: [...expected].sort() },
  })
}
