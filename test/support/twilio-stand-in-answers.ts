/** The responses of Twilio's stand-in, and its record of requests that Twilio would reject. */

import { randomBytes } from 'node:crypto'

export interface StandInAnswer {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

/** The parameters of a request, as the form held them. */
export type Parameters = ReadonlyMap<string, string>

/** The body of Twilio's errors. */
export function twilioError(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): StandInAnswer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return { status, body: { code, message, more_info, status }, headers }
}

export function notFound(): StandInAnswer {
  return twilioError(404, 20404, 'The requested resource was not found')
}

/** Refuses a request that a caller of ours should not have made, and takes note of it. */
export function refuseParameter(
  violations: string[],
  name: string,
  status = 400,
  code = 60200,
): StandInAnswer {
  violations.push(`invalid ${name}`)
  return twilioError(status, code, `Invalid parameter \`${name}\``)
}

/** Takes note of parameters that Twilio's published description does not have. */
export function noteUnknown(violations: string[], names: string, parameters: Parameters): void {
  for (const name of parameters.keys()) {
    if (!names.split(' ').includes(name)) violations.push(`unknown ${name}`)
  }
}

export const e164 = /^\+[1-9]\d{6,14}$/

export function newSid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex')
}
