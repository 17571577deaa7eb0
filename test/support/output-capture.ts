/** Captures everything that this process prints. */

import { inspect } from 'node:util'

import { vi } from 'vitest'

export interface OutputCapture {
  /** All that was printed since the capture began. */
  text(): string
  stop(): void
}

/** Captures the console, stdout and stderr until it is stopped; nothing of it is printed meanwhile. */
export function captureOutput(): OutputCapture {
  const heard: string[] = []
  const hear = (...told: unknown[]) => {
    for (const each of told) heard.push(shown(each))
    return true
  }
  const verbs = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const
  const spies = [
    ...verbs.map((verb) => vi.spyOn(console, verb).mockImplementation(hear)),
    vi.spyOn(process.stdout, 'write').mockImplementation(hear),
    vi.spyOn(process.stderr, 'write').mockImplementation(hear),
    vi.spyOn(process, 'emitWarning').mockImplementation(hear),
  ]
  return {
    text: () => heard.join('\n'),
    stop() {
      for (const spy of spies) spy.mockRestore()
    },
  }
}

/** All that any logger could make of a value, hidden properties and causes included. */
export function shown(value: unknown): string {
  const deep = inspect(value, { depth: 20, showHidden: true, getters: true, maxStringLength: null })
  return typeof value === 'string' ? value : `${deep}\n${safeJson(value)}`
}

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}
