/** A second factor in a small NestJS application: an SQLite file, and codes on the console. */

import 'reflect-metadata'

import {
  Controller,
  Get,
  Header,
  Module,
  Next,
  Post,
  Req,
  RequestMethod,
  Res,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import sessionStore from 'connect-session-sequelize'
import type { NextFunction, Request, Response } from 'express'
import session from 'express-session'
import passport from 'passport'
import { consoleSender, createSecondFactor } from 'passport-second-factor'
import { migrations, sequelizeStore } from 'passport-second-factor/sequelize'
import { Sequelize } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'

import { isProduction, secretOf } from '../accounts.js'

const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'minimal.sqlite', logging: false })
const secondFactor = createSecondFactor({
  secret: secretOf('SECOND_FACTOR_SECRET'),
  store: sequelizeStore({ sequelize }),
  sender: consoleSender(), // refuses production: there it is twilioSender({ … })
  users: { id: (user) => user.id, label: (user) => user.username },
  appName: 'Minimal',
  loginPath: '/login',
  logoutPath: '/logout',
  defaultReturnTo: '/account',
})
passport.use(secondFactor.strategy)

const page = (title: string, body: string) => `<!doctype html><html lang="en">
  <meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>${body}`
const loginForm = `<form method="post">
  <p><label>User name <input name="username" autocomplete="username" required></label>
  <p><label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <p><button>Log in</button></form>`
const logoutForm = '<form method="post" action="/logout"><button>Log out</button></form>'

@Controller()
class LoginController {
  @Get('login')
  @Header('Content-Type', 'text/html')
  login() {
    return page('Log in', loginForm)
  }

  @Post('logout')
  logout(@Req() req: Request, @Res() res: Response, @Next() next: NextFunction) {
    req.logout((error) => (error ? next(error) : res.redirect(303, '/login')))
  }
}

@Controller()
class AccountController {
  @Get('account')
  @Header('Content-Type', 'text/html')
  account() {
    return page('You’ve passed both factors', logoutForm)
  }
}

@Module({ controllers: [LoginController, AccountController] })
class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    // Limit the rate of this route, such as by @nestjs/throttler: nothing else slows the guessing of passwords down.
    consumer
      .apply(passport.authenticate('local', { failureRedirect: '/login' }), secondFactor.begin())
      .forRoutes({ path: 'login', method: RequestMethod.POST })
    // Every other route needs both factors, those that are still to be written too.
    consumer.apply(secondFactor.gate()).exclude('login').forRoutes('{*path}')
  }
}

const context = sequelize.getQueryInterface()
const storage = new SequelizeStorage({ sequelize })
await new Umzug({ migrations, context, storage, logger: undefined }).up()
const store = new (sessionStore(session.Store))({ db: sequelize })
await sequelize.sync() // the table of sessions

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] })
const cookie = { sameSite: 'lax', secure: isProduction } as const // behind a proxy: app.set('trust proxy', 1)
const secret = secretOf('SESSION_SECRET')
app.use(session({ secret, store, cookie, resave: false, saveUninitialized: false }))
app.use(passport.session(), secondFactor.session(), secondFactor.sameOrigin())
app.use('/second-factor', secondFactor.router())

const { PORT = '3000' } = process.env
await app.listen(Number(PORT), '127.0.0.1')
console.log(`http://localhost:${PORT}: log in as alice with wonderland-7`)
