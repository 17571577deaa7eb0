/** Work that tests leave for the end of their file, because vitest does not accept hooks registered inside tests. */

const leftovers: (() => unknown)[] = []

/** Does something after the tests of this file, the latest first. */
export function afterTests(work: () => unknown): void {
  leftovers.push(work)
}

/** Does what the tests of one file left, and forgets it. */
export async function finishTests(): Promise<void> {
  for (const work of leftovers.splice(0).reverse()) await work()
}
