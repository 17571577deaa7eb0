/** Replaces the built `asset-files.js`, which reads the script of this folder, by a module that holds it as a string. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(
  new URL('../../../../dist/factors/passkeys/asset-files.js', import.meta.url),
)
if (!existsSync(target)) throw new Error(`${target} is missing; compile src before`)

const content = readFileSync(new URL('passkey.js', import.meta.url), 'utf8')
writeFileSync(
  target,
  '/** Made by the build: the script of src/factors/passkeys/assets, as a string. */\n\n' +
    `export const passkeyScript = ${JSON.stringify(content)}\n`,
)
