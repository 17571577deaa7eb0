import { describe, expect, test } from 'vitest'

import { foreignCharacters, smsSegment } from '../../../../src/factors/phone/message/sms-segment.js'

/** The default alphabet of 3GPP TS 23.038 by code, 0x00 to 0x7F; 0x1B is the escape. */
const table =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'

describe('a text of GSM-7', () => {
  test('takes one place for each character of the default alphabet', () => {
    expect(table).toHaveLength(128)
    const text = table.replace('\u001B', '')
    expect(smsSegment(text)).toEqual({ alphabet: 'GSM-7', used: 127, limit: 160 })
    expect(foreignCharacters(text)).toBe('')
  })

  test('takes two places for each character of the extension table', () => {
    for (const character of '^{}\\[~]|€\f') {
      expect(smsSegment(character), character).toEqual({ alphabet: 'GSM-7', used: 2, limit: 160 })
    }
    expect(smsSegment('a[b]').used).toBe(6)
  })

  test('can be empty', () => {
    expect(smsSegment('')).toEqual({ alphabet: 'GSM-7', used: 0, limit: 160 })
  })
})

describe('a text of other characters', () => {
  test('is UCS-2 as a whole, counted in UTF-16 code units', () => {
    expect(smsSegment('code')).toMatchObject({ alphabet: 'GSM-7', used: 4 })
    expect(smsSegment('códe')).toEqual({ alphabet: 'UCS-2', used: 4, limit: 70 })
    expect(smsSegment('code 🛒').used).toBe(7)
    expect(smsSegment('कोड').used).toBe(3)
  })

  test.each(Array.from('çêâîôûáíóúãõÀÊœ’“”–…`\u00A0\t\u001Bｱ'))(
    'contains %j, which GSM-7 lacks',
    (each) => {
      expect(foreignCharacters(`a${each}b`)).toBe(each)
    },
  )

  test('lists each foreign character once', () => {
    expect(foreignCharacters('ça va, ça va? 🛒🛒')).toBe('ç🛒')
  })
})
