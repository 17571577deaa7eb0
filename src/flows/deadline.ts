/** Bounds a wait for something outside this process. */

/** Settles as `work` does, or rejects with `late()` after so many seconds. The work itself is not stopped. */
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
