/** The actions of operators on a person: each has a name, a description and its effects. */

import { dayAndTime } from './format.js'
import type { Person } from './person.js'

/** The names of the actions, as addresses use them. */
export const actionNames = ['unlock', 'reset', 'revoke'] as const

/** The name of an action. */
export type ActionName = (typeof actionNames)[number]

/** The texts of an action. */
export interface Action {
  /** The label of the button. */
  readonly label: string
  /** One sentence, shown beside the button that chooses the action. */
  readonly summary: string
  /** The effects on this person, sentence by sentence. */
  readonly effects: (person: Person) => readonly string[]
  /** The confirmation after the action. */
  readonly done: string
}

/** Every action. */
export const actions: Readonly<Record<ActionName, Action>> = {
  unlock: {
    label: 'Unlock',
    summary: 'Ends the lock and forgets the failures. For somebody who mistyped.',
    effects: (person) => [
      lockEnds(person),
      `${failuresOf(person)} forgotten, and a running code gets all its tries again.`,
      'Sessions that have passed go on, and what the person holds stays.',
      'If somebody else was guessing, they can go on: make sure that it was this person.',
    ],
    done: 'Unlocked. The person can enter a code now.',
  },
  reset: {
    label: 'Reset',
    summary: 'Unlocks, and also forgets sent messages, the running code and trusted devices.',
    effects: (person) => [
      lockEnds(person),
      `${failuresOf(person)} forgotten, and so are the messages sent today: the next one can go at once.`,
      'The running code ends. Every trusted device is asked again.',
      'Sessions that have passed go on, and what the person holds stays.',
    ],
    done: 'Reset. The person can ask for a new code now.',
  },
  revoke: {
    label: 'Revoke',
    summary:
      'Ends every grant, so that all sessions are asked again at once. For an account that somebody else has got into.',
    effects: () => [
      'In every browser, the next request asks for the second factor again. The running code ends.',
      'What the person holds stays. If a phone or key was stolen, remove it as well.',
      'The password still works. If it was stolen, have it changed first.',
    ],
    done: 'Revoked. Every session asks for the second factor again.',
  },
}

/** Returns true if the value names an action. */
export function isActionName(text: unknown): text is ActionName {
  return actionNames.some((name) => name === text)
}

function lockEnds({ status: { locked, lockedUntil } }: Person): string {
  if (!locked) return 'There is no lock to end.'
  return lockedUntil === null
    ? 'The lock ends, which would not end by itself.'
    : `The lock until ${dayAndTime(lockedUntil)} ends now.`
}

function failuresOf({ status: { failures } }: Person): string {
  if (failures === 0) return 'No failures are'
  return failures === 1 ? 'One failure is' : `${failures} failures in a row are`
}
