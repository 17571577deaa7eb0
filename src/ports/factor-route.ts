/** Endpoints of a factor, for users whose password was accepted. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { Grant } from '../core/state.js'
import type { PageBody } from '../pages/page.js'
import type { StartAnswer, StartRequest } from './start.js'

/** An endpoint of a factor, for users whose password was accepted. */
export interface FactorRoute<User> {
  /** Path below the router, such as `/phone`. */
  readonly path: string
  /** True to mount it only if users can enrol factors themselves. */
  readonly besideOthers?: boolean
  /** Answers a browser's `GET`. `typed` is the input that `refusedForm` kept from a form that led back here. */
  show?(request: RouteRequest<User>, typed: string | null): Promise<RouteAnswer>
  /** Answers a `POST`. */
  submit?(request: RouteRequest<User>): Promise<RouteAnswer>
  /** Returns the page to show after its form was refused; `null` for the page that shows the session's state. */
  refusedForm?(fields: Fields, refusal: Refusal): RefusedForm | null
}

/** The page that a refused form leads to. */
export interface RefusedForm {
  /** Path below the router. */
  readonly page: string
  /** The user's input, to fill a field there. */
  readonly typed?: string | undefined
}

/** A request to an endpoint of a factor. */
export interface RouteRequest<User> extends StartRequest<User> {
  readonly user: User
  readonly grant: Grant | null
}

/** An endpoint's answer. The router turns it into a response. */
export type RouteAnswer =
  | Refusal
  | { readonly status: 'page'; readonly page: PageBody }
  /** A challenge was started. */
  | { readonly status: 'started'; readonly answer: StartAnswer }
  /** Something was changed. `page` is the path below the router to redirect a browser to. */
  | { readonly status: 'changed'; readonly json: object; readonly page: string }
  /** Evidence for an enrolment. The router judges it, and the session passes if it is right. */
  | {
      readonly status: 'enrol'
      readonly evidence: unknown
      /** Returns the JSON of a success. */
      readonly json: (proof: unknown) => object
      /** True if it was the user's first factor. The response then also has the fields of a sign-in. */
      readonly isFirst: boolean
    }
  /** The user must pass again, and then comes back here. */
  | { readonly status: 'step_up'; readonly maxAgeSeconds: number }
