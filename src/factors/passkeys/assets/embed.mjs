/** Replaces the built `asset-files.js`, which reads the script in this folder, with a module that contains it. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(
  new URL('../../../../dist/factors/passkeys/asset-files.js', import.meta.url),
)
if (!existsSync(target)) throw new Error(`${target} is missing; compile src first`)

const content = readFileSync(new URL('passkey.js', import.meta.url), 'utf8')
writeFileSync(
  target,
  '/** Made by the build: the script of src/factors/passkeys/assets, as a string. */\n\n' +
    `export const passkeyScript = ${JSON.stringify(content)}\n`,
)
