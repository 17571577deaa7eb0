/** A login page and a logout for test applications in a real browser, which otherwise have neither. */

import type { Express } from 'express'
import type { Page } from 'playwright-core'

import { press } from './chromium.js'

const loginForm = `<!doctype html><html lang="en"><title>Log in</title><main><h1>Log in</h1>
<form method="post" action="/login">
<label>Name <input name="username"></label> <input type="hidden" name="password" value="password">
<button>Log in</button></form></main>`

/** The path that logs out, for the option `logoutPath`. */
export const logoutPath = '/leave'

/** Adds the login page; before everything else. */
export function addLoginPage(server: Express): void {
  server.get('/login', (_req, res) => res.send(loginForm))
  server.get('/favicon.ico', (_req, res) => res.sendStatus(204))
}

/** Adds the logout, which leads to the login page; before the gate. */
export function addLogout(server: Express): void {
  server.post(logoutPath, (req, res, next) => {
    req.logout((error: unknown) => {
      if (error) next(error)
      else res.redirect(303, '/login')
    })
  })
}

/** Logs in with the password, and waits for the page that comes after. */
export async function enterPassword(page: Page, username = 'alice'): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('Name').fill(username)
  await press(page, 'Log in')
}
