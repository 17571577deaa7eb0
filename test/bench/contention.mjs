/** A thousand guesses at one user at once: how long they take, and that no more are judged than the budget allows. */

import { medians, perSecond } from './measure.mjs'
import { expect, headlessCalls, scratch, userAt, wrongFor } from './second-factor.mjs'
import { stores } from './services.mjs'

const guesses = 1_000
const budget = 5
const user = userAt(0)

export async function* contention() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      const { taken } = await medians({ taken: burstOn(open) }, 3)
      yield `${name}: ${guesses} wrong guesses at one user in ${Math.round(taken * 1000)} ms (${perSecond(guesses, taken)}), exactly ${budget} of them judged`
    }
  } finally {
    remove()
  }
}

/** One burst on a store of its own; too many judged guesses, or too few, end the run. */
function burstOn(open) {
  return {
    async prepare() {
      const { store, close } = await open()
      const calls = headlessCalls(store)
      return { calls, close, wrong: wrongFor(await calls.start(user)) }
    },
    async run({ calls, wrong }) {
      const tries = Array.from({ length: guesses }, () => calls.verify(user, wrong))
      const answers = await Promise.all(tries)
      expect(budget, answers.filter((answer) => answer === 'code_incorrect').length)
    },
    finish: ({ close }) => close(),
  }
}
