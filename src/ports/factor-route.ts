/** The endpoints that a factor brings, for people whose password was accepted. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { Grant } from '../core/state.js'
import type { PageBody } from '../pages/page.js'
import type { StartAnswer, StartRequest } from './start.js'

/** An endpoint of a factor, for people whose password was accepted. */
export interface FactorRoute<User> {
  /** Below the router's path, such as `/phone`. */
  readonly path: string
  /** Whether it is there only where people enrol factors by themselves. */
  readonly besideOthers?: boolean
  /** Answers a browser's `GET`; `typed` is what `refusedForm` kept of a form that led back here. */
  show?(request: RouteRequest<User>, typed: string | null): Promise<RouteAnswer>
  /** Answers a `POST`. */
  submit?(request: RouteRequest<User>): Promise<RouteAnswer>
  /** Where a browser goes after this refusal of its form; `null` for the page that shows how the session stands. */
  refusedForm?(fields: Fields, refusal: Refusal): RefusedForm | null
}

/** The page that a refused form leads to. */
export interface RefusedForm {
  /** Its path below the router's path. */
  readonly page: string
  /** What was typed, for a field there. */
  readonly typed?: string | undefined
}

/** A request to an endpoint of a factor. */
export interface RouteRequest<User> extends StartRequest<User> {
  readonly user: User
  readonly grant: Grant | null
}

/** The answer of an endpoint. Everything but the decision itself is done by whoever mounts it. */
export type RouteAnswer =
  | Refusal
  | { readonly status: 'page'; readonly page: PageBody }
  /** Evidence was asked for. */
  | { readonly status: 'started'; readonly answer: StartAnswer }
  /** Something was changed: `page` is where a browser goes, below the router's path. */
  | { readonly status: 'changed'; readonly json: object; readonly page: string }
  /** Evidence for an enrolment: it is judged, and on a right answer the session passes. */
  | {
      readonly status: 'enrol'
      readonly evidence: unknown
      /** The JSON of a success. */
      readonly json: (proof: unknown) => object
      /** Whether the answer also holds what a sign-in's answer does: it was the user's first factor. */
      readonly isFirst: boolean
    }
  /** A browser has to pass again before it may come back here. */
  | { readonly status: 'step_up'; readonly maxAgeSeconds: number }
