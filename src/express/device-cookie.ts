/** The cookie that holds the tokens of trusted devices: one for each of up to five people who share a browser. */

import type { CookieOptions, Request, Response } from 'express'

import type { DeviceToken } from '../core/devices.js'
import type { TrustPolicy } from '../flows/trust.js'

/** No browser is shared by more people. */
const maxEntries = 5

/** A longer cookie is not ours. */
const maxLength = 1024

/** The attributes of the cookie. */
export interface DeviceCookie {
  readonly name: string
  readonly secure: boolean
}

/** The trust policy, and the cookie that carries the tokens. */
export interface DeviceTrust extends TrustPolicy {
  readonly cookie: DeviceCookie
}

/** The cookie for secure pages: browsers let no other host set a `__Host-` cookie. */
export const secureCookie: DeviceCookie = { name: '__Host-second-factor-device', secure: true }

/** The cookie for development over plain HTTP, where a browser would drop the other. */
export const plainCookie: DeviceCookie = { name: 'second-factor-device', secure: false }

/** The tokens of a request, newest first. Anything else in the cookie is ignored. */
export function readTokens(req: Request, { name }: DeviceCookie): readonly DeviceToken[] {
  const value = valueOf(req.get('cookie') ?? '', name)
  if (value === null || value.length > maxLength) return []
  return value
    .split('~')
    .slice(0, maxEntries)
    .map((entry) => /^([\w-]{22})\.([\w-]{43})$/.exec(entry))
    .filter((match) => match !== null)
    .map(([, id = '', secret = '']) => ({ id, secret }))
}

/** Puts a token first, and drops the device's old one. The others stay for as long as they may be valid. */
export function addToken(
  req: Request,
  res: Response,
  trust: DeviceTrust,
  token: DeviceToken,
  seconds: number,
): void {
  const { cookie } = trust
  const others = readTokens(req, cookie).filter(({ id }) => id !== token.id)
  const tokens = [token, ...others].slice(0, maxEntries)
  setTokens(res, cookie, tokens, others.length === 0 ? seconds : longest(trust))
}

/** Drops the token of a device. The others stay for as long as they may be valid. */
export function dropToken(req: Request, res: Response, trust: DeviceTrust, id: string): void {
  const { cookie } = trust
  const tokens = readTokens(req, cookie)
  const left = tokens.filter((token) => token.id !== id)
  if (left.length === tokens.length) return
  if (left.length === 0) res.clearCookie(cookie.name, attributes(cookie))
  else setTokens(res, cookie, left, longest(trust))
}

/** A request does not carry a cookie's lifetime, so the longest is set; the row knows when each device expires. */
function longest({ days }: DeviceTrust): number {
  return days * 86_400
}

function setTokens(
  res: Response,
  cookie: DeviceCookie,
  tokens: readonly DeviceToken[],
  seconds: number,
): void {
  const value = tokens.map(({ id, secret }) => `${id}.${secret}`).join('~')
  res.cookie(cookie.name, value, {
    ...attributes(cookie),
    maxAge: seconds * 1000,
  })
}

function attributes({ secure }: DeviceCookie): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure }
}

function valueOf(header: string, name: string): string | null {
  const pairs = header.split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null
}
