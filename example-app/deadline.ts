/** Puts a timeout on a wait. */

/** Settles like `work`, or rejects with `late` after this many seconds. */
export async function within<T>(
  seconds: number,
  work: Promise<T>,
  late = () => new Error(`no answer in ${seconds} s`),
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
