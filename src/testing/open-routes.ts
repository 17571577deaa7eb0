/** Checks the routes that are open with only the password against a list. */

import { AssertionError } from 'node:assert'

/**
 * Compares the routes that were reached with only the password in this test with those that are meant to be open. Log in
 * with the password but without a code first, and visit every page: only routes that were requested are known.
 *
 * @throws AssertionError naming the open routes that are not listed, and the listed ones that were not reached.
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
      (route) => `${route} is open with only the password: put it behind a gate, or list it`,
    ),
    ...silent.map(
      (route) =>
        `${route} was not reached with only the password: visit it, or remove it from the list`,
    ),
  ].join('\n')
  throw new AssertionError({
    ...{ message, operator: 'expectOpenRoutes', stackStartFn: expectOpenRoutes },
    ...{ actual: [...actual].sort(), expected: [...expected].sort() },
  })
}
