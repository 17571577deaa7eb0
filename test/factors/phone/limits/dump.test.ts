/**
 * The attacker has a dump of the table of counts, and wants to know whose phones are in it. There are only some 10⁹ of a
 * country's, so plain hashes of them are no secret: a list of all is made in minutes.
 */

import { hash } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { sequelizeCounts } from '../../../../src/adapters/sequelize/index.js'
import { createKeyRing } from '../../../../src/core/keys.js'
import { newId } from '../../../../src/core/random.js'
import { pseudonyms, type Pseudonym } from '../../../../src/factors/phone/limits/pseudonyms.js'
import { openSequelize, sqlDatabases } from '../../../support/databases.js'
import { openLimited } from '../../../support/limited-rig.js'

/** The row of phones that the attacker goes through, and those of it that messages went to. */
const row = '+237671'
const phonesInRow = 1_000_000
const phones = Array.from({ length: 20 }, (_none, n) => phoneAt(n * 49_999))

const secret = newId() + newId()
const address = '198.51.100.7'
const account = newId()
const [sqlite] = await sqlDatabases()

let dump: string
let stolen: ReadonlySet<string>
beforeAll(async () => {
  if (sqlite === undefined) throw new Error('SQLite is missing')
  const sequelize = openSequelize(sqlite)
  const counts = sequelizeCounts({ sequelize })
  await counts.sync()
  const rig = openLimited({ counts }, { secret })
  for (const destination of phones) {
    await rig.send({ destination, clientIp: address })
    await rig.send({ destination, purpose: 'sign-in', phoneClass: 'known' })
    rig.phone.limits?.noteReport({ to: destination, status: 'failed' })
  }
  await rig.send({ subject: account, destination: phoneAt(7), clientIp: address })
  await rig.phone.limits?.close()
  const [rows] = await sequelize.query('SELECT * FROM second_factor_counts')
  dump = JSON.stringify(rows)
  stolen = new Set(dump.match(/(?<="[nNaw]:)[\w-]{22}/g)?.map(cut))
  await sequelize.close()
})
afterAll(() => {
  dump = ''
})

test('a million phones, hashed without the key, match nothing in it', () => {
  // One for each phone, account and network.
  expect(stolen.size).toBe(phones.length + 1 + phones.length + 1 + 1)
  const withPlainHash = new Set([...stolen, plain(phoneAt(123_456))])
  const found = new Set<string>()
  for (let n = 0; n < phonesInRow; n += 1) {
    const phone = phoneAt(n)
    for (const text of [phone, `phone\0${phone}`]) {
      if (withPlainHash.has(plain(text))) found.add(phone)
    }
  }
  // Only the hash that this test has put in to see that the search finds one.
  expect([...found]).toEqual([phoneAt(123_456)])
}, 60_000)

test('with the key, the same search finds every phone', () => {
  const found = Array.from({ length: 1_000 }, (_none, n) => phoneAt(n * 49_999)).filter((phone) =>
    stolen.has(keyed(secret)('phone', phone)),
  )
  expect(found).toEqual(phones)
  expect(stolen.has(keyed(secret)('account', account))).toBe(true)
  expect(stolen.has(keyed(newId() + newId())('phone', phoneAt(0)))).toBe(false)
})

test('no phone, address or account stands in it as text', () => {
  for (const each of [...phones, phoneAt(7), address, account]) {
    expect(dump).not.toContain(each)
    expect(dump).not.toContain(each.slice(1))
  }
})

function phoneAt(index: number): string {
  return row + String(index).padStart(6, '0')
}

/** The counters have 16 bytes of a hash, of which the last character tells only two bits. */
function cut(name: string): string {
  return name.slice(0, 21)
}

function plain(text: string): string {
  return cut(hash('sha256', text, 'base64url'))
}

function keyed(of: string): Pseudonym {
  const pseudonym = pseudonyms(undefined, { keys: () => createKeyRing(of) })
  return (kind, value) => cut(pseudonym(kind, value))
}
