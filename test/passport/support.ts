/** A test application whose routes go through Passport itself. */

import type { ErrorRequestHandler, Express, Request, RequestHandler } from 'express'
import passport from 'passport'

import type { SecondFactor } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions, type TestUser } from '../support/app.js'

export interface PassportApp extends TestApp {
  /** The errors of Passport itself. */
  readonly passportErrors: unknown[]
}

/** The parts that a route is made of. */
export interface Parts {
  readonly server: Express
  readonly passport: passport.Authenticator
  readonly secondFactor: SecondFactor
}

/** Answers with what Passport left on the request. */
export const tell: RequestHandler = (req, res) => {
  res.json({
    user: req.user?.username ?? null,
    account: (req as Request & { account?: Express.User }).account?.username ?? null,
    authInfo: req.authInfo ?? null,
    secondFactor: req.secondFactor,
    sessionId: req.sessionID,
  })
}

/** Starts the test application with a Passport of its own and these routes. */
export async function startPassportApp(
  routes: (parts: Parts) => void,
  options: TestAppOptions = {},
): Promise<PassportApp> {
  const passportErrors: unknown[] = []
  const authenticator = new passport.Passport()
  authenticator.serializeUser((user, done) => {
    done(null, user.id)
  })
  const app = await startTestApp({
    ...options,
    routes(server, secondFactor) {
      authenticator.use(secondFactor.strategy)
      server.post('/basket', (req, res) => {
        Object.assign(req.session, { basket: ['tea'] })
        res.sendStatus(204)
      })
      server.get('/session', (req, res) => {
        const { cookie: _cookie, ...kept } = req.session
        res.json({ ...kept, id: req.sessionID })
      })
      routes({ server, passport: authenticator, secondFactor })
      const onError: ErrorRequestHandler = (
        error: Error & { status?: number },
        _req,
        res,
        next,
      ) => {
        passportErrors.push(error)
        if (res.headersSent) next(error)
        else res.status(error.status ?? 500).json({ error: error.name, message: error.message })
      }
      server.use(onError)
    },
  })
  return { ...app, passportErrors }
}

/** The users as the application's own database would find them. */
export function userNamed(app: TestApp, username: string): TestUser | undefined {
  return app.users.find((user) => user.username === username)
}
