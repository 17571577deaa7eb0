/** Events in the application's log: one line each, at the right level, and without anything secret. */

import { AsyncLocalStorage } from 'node:async_hooks'
import { Writable } from 'node:stream'

import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import winston from 'winston'

import {
  allEvents,
  ConfigurationError,
  logEvents,
  type Logger,
  type SecondFactorEvent,
} from '../../src/index.js'
import { openHeadless } from '../support/headless.js'

interface Line {
  readonly level: string
  readonly [field: string]: unknown
}

/** A logger that keeps what it is given. */
function keepingLogger() {
  const lines: Line[] = []
  const at = (level: string) => (entry: object) => lines.push({ ...entry, level })
  const logger: Logger = {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
  }
  return { lines, logger }
}

/** A stream that keeps its lines as JSON. */
function keepingStream() {
  const lines: Readonly<Record<string, unknown>>[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>)
      done()
    },
  })
  return { lines, stream }
}

const lock = {
  type: 'locked',
  subject: '1',
  failures: 10,
  until: new Date(1),
  at: new Date(0),
} as const

describe('a log', () => {
  test('has a line for each event, with its level', async () => {
    const { lines, logger } = keepingLogger()
    const headless = openHeadless({
      events: logEvents(logger),
      policy: { lockAfterFailures: 2 },
    })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice)
    await secondFactor.verify(alice, '000000')
    await secondFactor.verify(alice, '000000')
    await secondFactor.resetAttempts(alice)
    await secondFactor.verify(alice, headless.codes()[0] ?? '')
    expect(lines.map(({ level, message }) => `${level} ${String(message)}`)).toEqual([
      'debug second factor: challenge_sent',
      'debug second factor: verify_refused',
      'debug second factor: verify_refused',
      'warn second factor: locked',
      'info second factor: reset',
      'info second factor: passed',
    ])
    expect(lines[1]).toMatchObject({ component: 'second-factor', subject: '1', method: 'sms' })
  })

  test('logs faults, and operator mistakes at a vendor, as errors', () => {
    const { lines, logger } = keepingLogger()
    const sink = logEvents(logger)
    const at = new Date(0)
    sink.emit({ type: 'fault', code: 'store_unavailable', message: 'the store is away', at })
    const about = {
      subject: '1',
      purpose: null,
      channel: null,
      destination: '••••67',
      country: 'CM',
      resent: null,
    }
    const outcome = 'operator_fault'
    sink.emit({ type: 'delivery_failed', ...about, outcome, reason: 'twilio 20003', at })
    expect(lines).toMatchObject([
      { level: 'error', message: 'second factor: fault: the store is away' },
      { level: 'error', reason: 'twilio 20003' },
    ])
  })

  test.each([
    ['error', { type: 'device_token_reused', subject: '1', device: 'd1' }],
    ['error', { type: 'passkey_origin_mismatch', subject: '1', origin: 'https://x.example' }],
    ['info', { type: 'codes_switched', subject: '1', on: false }],
    ['info', { type: 'phone_forgotten', subject: 'tel:••••67' }],
  ])('logs as %s signs of an attack or of another way in: %j', (level, fields) => {
    const { lines, logger } = keepingLogger()
    logEvents(logger).emit({ ...fields, at: new Date(0) } as unknown as SecondFactorEvent)
    expect(lines).toMatchObject([{ level, type: fields.type }])
  })

  test('contains the current request’s fields, and still logs if the context throws', () => {
    const requests = new AsyncLocalStorage<{ id: string }>()
    const { lines, logger } = keepingLogger()
    const sink = logEvents(logger, { context: () => ({ requestId: requests.getStore()?.id }) })
    requests.run({ id: 'r-7' }, () => sink.emit(lock))
    logEvents(logger, {
      context: () => {
        throw new Error('no context')
      },
    }).emit(lock)
    expect(lines).toMatchObject([{ requestId: 'r-7', type: 'locked' }, { type: 'locked' }])
  })

  test('contains no code, secret or full phone, even if the user id is a phone', async () => {
    const { lines, logger } = keepingLogger()
    const headless = openHeadless({
      events: logEvents(logger),
      users: { id: ({ phone }) => phone ?? '', phone: ({ phone }) => phone },
    })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice)
    const code = headless.codes()[0] ?? ''
    const phone = String(alice.phone)
    await secondFactor.verify(alice, code)
    const text = JSON.stringify(lines)
    expect(lines.length).toBeGreaterThan(1)
    for (const secret of [code, phone, phone.slice(1)]) {
      expect(text).not.toContain(secret)
    }
    expect(lines[0]).toMatchObject({ subject: `••••${phone.slice(-2)}` })
  })

  test('can be written by pino, winston and the console', () => {
    const pinos = keepingStream()
    logEvents(pino(pinos.stream)).emit(lock)
    expect(pinos.lines).toMatchObject([{ level: 40, type: 'locked', failures: 10 }])
    const infos: unknown[] = []
    const sink = new Writable({
      objectMode: true,
      write(info, _encoding, done) {
        infos.push(info)
        done()
      },
    })
    const logger = winston.createLogger()
    logger.pipe(sink)
    logEvents(logger).emit(lock)
    expect(infos).toMatchObject([
      { level: 'warn', message: 'second factor: locked', type: 'locked', failures: 10 },
    ])
    expect(() => logEvents(console)).not.toThrow()
  })

  test.each<[string, unknown, object]>([
    ['a logger without a level', { error: () => 0, warn: () => 0, info: () => 0 }, {}],
    ['no logger', null, {}],
    ['an option that does not exist', console, { level: 'info' }],
  ])('is refused with %s', (_title, logger, options) => {
    expect(() => logEvents(logger as Logger, options)).toThrow(ConfigurationError)
  })
})

describe('several sinks', () => {
  test('each get every event although one throws, one rejects and one hangs', () => {
    const heard: SecondFactorEvent[] = []
    const sink = allEvents(
      {
        emit() {
          throw new Error('broken')
        },
      },
      { emit: () => Promise.reject(new Error('broken')) },
      { emit: () => new Promise(() => undefined) },
      { emit: (event) => heard.push(event) },
    )
    sink.emit(lock)
    expect(heard).toEqual([lock])
  })

  test('are refused if one is invalid', () => {
    expect(() => allEvents({} as { emit(): void })).toThrow(ConfigurationError)
  })
})
