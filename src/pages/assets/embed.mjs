/**
 * Replaces the built `asset-files.js`, which reads the files of this folder, by a module that contains them as strings.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const target = fileURLToPath(new URL('../../../dist/pages/asset-files.js', import.meta.url))
if (!existsSync(target)) throw new Error(`${target} is missing; compile src first`)

const files = {
  style: 'second-factor.css',
  script: 'second-factor.js',
  operationsStyle: 'operations.css',
}
const held = Object.entries(files).map(([name, file]) => {
  const content = readFileSync(new URL(file, import.meta.url), 'utf8')
  return `export const ${name} = ${JSON.stringify(content)}\n`
})
writeFileSync(
  target,
  `/** Made by the build: the files of src/pages/assets, as strings. */\n\n${held.join('')}`,
)
