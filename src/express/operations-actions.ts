/** `POST {mount}/users/{id}/{action}`: unlocks, resets or revokes, with a reason and the operator's name. */

import type { Request, Response } from 'express'

import { AuditUnavailableError, ConfigurationError } from '../core/errors.js'
import { readOwnString } from '../core/fields.js'
import { isRefusal } from '../core/refusal.js'
import { subjectTarget } from '../core/subject.js'
import { actions, type ActionName } from '../operations/actions.js'
import { confirmBody, pathOfPerson } from '../operations/person-page.js'
import { readBody } from './body.js'
import { wantsPage } from './negotiate.js'
import {
  frameFor,
  sendOperationsJson,
  sendOperationsPage,
  sendOperationsProblem,
  type OperationsProblem,
} from './operations-answers.js'
import { askOption } from './operations-options.js'
import { isSelf, personOf, subjectOfId, type OperationsContext } from './operations-people.js'
import { sendRefusal } from './respond.js'
import { keptFieldsOf } from './return-to.js'

const unknownUser: OperationsProblem = {
  ...{ status: 404, code: 'user_unknown', title: 'No such user' },
  detail: 'There is no user with this id. Check it, or search by something else.',
}

const ownAccount: OperationsProblem = {
  ...{ status: 403, code: 'own_account', title: 'This is your own account' },
  detail: 'You cannot do this for yourself. Ask a colleague.',
}

const noReason: OperationsProblem = {
  ...{ status: 400, code: 'reason_required', title: 'A reason is missing' },
  detail: 'Say why, in one line of at most 200 characters. It is recorded with your name.',
}

const notRecorded: OperationsProblem = {
  ...{ status: 503, code: 'audit_unavailable', title: 'Nothing was done' },
  detail:
    'The audit log does not answer, and an action that cannot be recorded is not carried out. Try again.',
}

/** Shows what an action will do, and asks for a reason. */
export async function showConfirmation(
  context: OperationsContext,
  req: Request,
  res: Response,
  name: ActionName,
): Promise<void> {
  const subject = await subjectFor(context, req, res)
  if (subject === null) return
  const reason = keptFieldsOf(context.http, req)?.['reason'] ?? ''
  await sendConfirmation(context, req, res, { name, subject, reason, problem: null })
}

/** Carries out an action that was confirmed, and records the reason. */
export async function act(
  context: OperationsContext,
  req: Request,
  res: Response,
  name: ActionName,
): Promise<void> {
  const { http, calls } = context
  const body = await readBody(req, res)
  if (isRefusal(body)) {
    await sendRefusal(http, req, res, body)
    return
  }
  const subject = await subjectFor(context, req, res)
  if (subject === null) return
  const field = body.fields === null ? null : readOwnString(body.fields, 'reason')
  const reason = (typeof field === 'string' ? field : '').trim()
  if (reason === '' || reason.length > 200 || /[\p{Cc}\p{Cs}]/u.test(reason)) {
    const { status, detail: problem } = noReason
    if (wantsPage(req)) {
      res.status(status)
      await sendConfirmation(context, req, res, { name, subject, reason, problem })
    } else {
      sendOperationsProblem(http, req, res, noReason)
    }
    return
  }
  const by = { actor: await actorOf(context, req), reason }
  const target = subjectTarget(subject, undefined)
  try {
    await (name === 'unlock' ? calls.resetAttempts(target, by) : calls[name](target, by))
  } catch (error) {
    if (!(error instanceof AuditUnavailableError)) throw error
    sendOperationsProblem(http, req, res, notRecorded)
    return
  }
  if (wantsPage(req)) {
    res.redirect(303, `${pathOfPerson(frameFor(http, req).mount, subject)}?done=${name}`)
  } else {
    sendOperationsJson(res, { user: subject, done: name, ...by })
  }
}

/** Responds that nobody has this id. */
export function sendUnknownUser({ http }: OperationsContext, req: Request, res: Response): void {
  sendOperationsProblem(http, req, res, unknownUser)
}

/** The person to act on. If there is none, or it is the operator, sends the response itself and returns `null`. */
async function subjectFor(
  context: OperationsContext,
  req: Request,
  res: Response,
): Promise<string | null> {
  const subject = await subjectOfId(context, String(req.params['id']))
  if (subject === null) sendUnknownUser(context, req, res)
  else if (isSelf(context.http, req, subject)) {
    sendOperationsProblem(context.http, req, res, ownAccount)
  } else return subject
  return null
}

async function sendConfirmation(
  context: OperationsContext,
  req: Request,
  res: Response,
  asked: {
    readonly name: ActionName
    readonly subject: string
    readonly reason: string
    readonly problem: string | null
  },
): Promise<void> {
  const { http } = context
  const { name, subject, reason, problem } = asked
  const person = await personOf(context, req, subject)
  const shown = { actor: await actorOf(context, req), reason, problem }
  const body = confirmBody(frameFor(http, req), person, name, shown)
  sendOperationsPage(http, req, res, `${actions[name].label} ${subject}`, body)
}

/**
 * The operator's name.
 *
 * @throws ConfigurationError if `actor` returns no name.
 */
async function actorOf({ http, options }: OperationsContext, req: Request): Promise<string> {
  const { actor } = options
  const { user } = req
  const named: unknown =
    actor === undefined
      ? user && (await http.users.label(user))
      : await askOption('actor', () => actor(req))
  if (typeof named === 'string' && named.trim() !== '' && named.length <= 200) return named
  throw new ConfigurationError(
    'operationsRouter.actor must return the operator’s name, in 1 to 200 characters',
    'operationsRouter.actor',
  )
}
