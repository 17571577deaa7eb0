/** `forget-phone`: deletes what the limits on messages have counted about a phone. */

import { maskedSubject } from '../../core/subject.js'
import { actorOf, actorOptions } from '../actor.js'
import type { Command } from '../command.js'
import { confirm, yesOption } from '../confirm.js'
import { CommandLineError } from '../errors.js'
import { typedPhone } from '../targets.js'

/** Forgets a phone, for a person who asks to be forgotten. */
export const forgetPhone: Command = {
  summary: 'Deletes what the limits on messages have counted about a phone; they start again.',
  operands: ['phone'],
  options: { ...actorOptions, ...yesOption },
  needsConfig: true,
  async run(typed, { secondFactor }) {
    const by = actorOf(typed)
    const phone = typedPhone('<phone>', typed.operands[0] ?? '')
    if (secondFactor.forgetPhone === undefined) {
      throw new CommandLineError(
        'refused',
        'secondFactor in the configuration has no forgetPhone; give it the result of createSecondFactor',
      )
    }
    const name = maskedSubject(phone)
    await confirm(`forget the messages to ${name}, so that its limits start again`, typed)
    await secondFactor.forgetPhone(phone, by)
    return {
      json: { phone: name, done: 'forgetPhone', ...by },
      lines: [`forgot ${name}: counts that it shares with other phones stay`],
    }
  },
}
