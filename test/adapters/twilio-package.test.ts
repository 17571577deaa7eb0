/** A folder without the optional package `twilio` gets an error that names it. */

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import ts from 'typescript'
import { afterAll, beforeAll, expect, test } from 'vitest'

const source = join(import.meta.dirname, '../../src')
let place = ''

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'without-twilio-'))
  await writeFile(join(place, 'package.json'), '{ "type": "module" }')
  const files = ['core/errors.ts', 'core/known-options.ts']
  await mkdir(join(place, 'core'))
  for (const folder of ['adapters/twilio', 'adapters/http']) {
    await mkdir(join(place, folder), { recursive: true })
    const names = await readdir(join(source, folder))
    files.push(...names.map((name) => `${folder}/${name}`))
  }
  for (const file of files) {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 }
    const text = await readFile(join(source, file), 'utf8')
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { ...compilerOptions, verbatimModuleSyntax: true },
    })
    await writeFile(join(place, file.replace(/\.ts$/, '.js')), outputText)
  }
})
afterAll(() => rm(place, { recursive: true }))

async function run(script: string): Promise<unknown> {
  await writeFile(join(place, 'main.js'), script)
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['main.js'], {
    cwd: place,
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const options = `accountSid: 'AC${'0'.repeat(32)}', authToken: 'token'`
const head = `import { twilioSender, twilioVerify } from './adapters/twilio/index.js'
const secret = { reveal: () => '123456' }
const message = { to: '+15550006789', text: secret, code: secret, validForSeconds: 300 }
`
const fault = {
  status: 'operator_fault',
  reason: 'the twilio package is missing: npm install twilio',
}

test('a sender and a verifier return an operator fault that names the remedy', async () => {
  const results = await run(`${head}
    const sender = twilioSender({ ${options}, from: '+15550006789' })
    const verifier = twilioVerify({ ${options}, serviceSid: 'VA${'0'.repeat(32)}' })
    const ref = 'VE${'0'.repeat(32)}'
    console.log(JSON.stringify([
      await sender.send(message),
      await verifier.start({ to: message.to, channel: 'sms', locale: null, subject: 'u', clientIp: null }),
      await verifier.check({ ref, to: message.to, code: secret }),
      (await verifier.cancel(ref)) ?? 'cancelled',
    ]))`)
  expect(results).toEqual([fault, fault, fault, 'cancelled'])
})

test('a receipt source fails with the remedy, and neither accepts nor refuses anything', async () => {
  const results = await run(`import { twilioReceipts } from './adapters/twilio/index.js'
    const source = twilioReceipts({ authToken: 'token', publicUrl: 'https://app.example.com' })
    const request = { url: '/', headers: {}, body: new Uint8Array() }
    console.log(JSON.stringify(await source.read(request).catch(({ code, message }) => [code, message])))`)
  expect(results).toEqual(['configuration_invalid', `twilioReceipts: ${fault.reason}`])
})

test('a process that only builds a sender neither fails nor prints anything', async () => {
  expect(
    await run(`${head}
    twilioSender({ ${options}, from: '+15550006789' })
    setTimeout(() => console.log('"alive"'), 50)`),
  ).toBe('alive')
})

test('an application’s own client needs no package', async () => {
  const results = await run(`${head}
    const create = async () => ({ sid: 'SM1', status: 'queued', errorCode: null })
    const sender = twilioSender({ client: { messages: { create } }, from: '+15550006789' })
    console.log(JSON.stringify(await sender.send(message)))`)
  expect(results).toEqual({ status: 'sent', reference: 'SM1' })
})
