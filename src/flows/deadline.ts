/** Bounds a wait for something outside this process. */

/** Settles as `work` does, or rejects with `late()` after so many seconds. The work itself is not stopped. */
export async function withDeadline<T>(
  work: Promise<T>,
  seconds: number,
  late: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(late())
    }, seconds * 1000)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
