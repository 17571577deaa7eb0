/** Run by vitest before each file of tests. Modules are shared between files; hooks are not, so this one is set here. */

import { afterAll } from 'vitest'

import { finishTests } from './after-tests.js'

afterAll(finishTests)
