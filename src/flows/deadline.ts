/** A timeout for work outside this process. */

/** Settles like `work`, or rejects with `late()` after this many seconds. Does not cancel the work. */
export function withDeadline<T>(
  work: T | PromiseLike<T>,
  seconds: number,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(late())
    }, seconds * 1000)
    const working = Promise.resolve(work)
    working.then(
      (answer) => {
        clearTimeout(timer)
        resolve(answer)
      },
      () => {
        clearTimeout(timer)
        resolve(working)
      },
    )
  })
}
