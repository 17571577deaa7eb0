/**
 * Run by vitest before each test file. Modules are shared between files but hooks are not, so this hook is set here.
 */

import { afterAll } from 'vitest'

import { finishTests } from './after-tests.js'

afterAll(finishTests)
