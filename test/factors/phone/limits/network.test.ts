/** An attacker with many addresses counts as one, whatever form the addresses have. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../../../src/core/errors.js'
import { includes, networkList, networkOf } from '../../../../src/factors/phone/limits/network.js'

describe('the network', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['::FFFF:c633:6407', '198.51.100.7'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
    ['2001:DB8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1::/64'],
    ['2001:db8::1:0:0:0:1', '2001:db8:0:1::/64'],
    ['64:ff9b::198.51.100.7', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('of %s is %s', (address, name) => {
    expect(networkOf(address, 64)?.name).toBe(name)
  })

  test('can be as large as what a provider assigns to one customer', () => {
    expect(networkOf('2001:db8:ab:cdef::1', 56)?.name).toBe('2001:db8:ab:cd00::/56')
    expect(networkOf('2001:db8:ab:cdef::1', 48)?.name).toBe('2001:db8:ab:0::/48')
  })

  test.each([null, undefined, '', 'unknown', '198.51.100', '198.51.100.7, 10.0.0.1', '[::1]'])(
    'of %j does not exist, because everybody would share it',
    (address) => {
      expect(networkOf(address, 64)).toBe(null)
    },
  )

  test.each([
    ...['10.1.2.3', '172.16.0.1', '192.168.1.1', '127.0.0.1', '169.254.1.1', '100.64.0.1'],
    ...['::1', 'fd00::1', 'fe80::1%en0', '::ffff:10.0.0.1'],
  ])('%s belongs to nobody in particular', (address) => {
    expect(networkOf(address, 64)?.isPrivate).toBe(true)
  })

  test.each(['198.51.100.7', '172.32.0.1', '2001:db8::1'])('%s belongs to somebody', (address) => {
    expect(networkOf(address, 64)?.isPrivate).toBe(false)
  })
})

describe('a list of networks', () => {
  test('contains the addresses of its networks, in each of their forms', () => {
    const list = networkList('x', ['198.51.100.0/24', '203.0.113.9', '2001:db8::/32'])
    const has = ['198.51.100.200', '::ffff:198.51.100.1', '203.0.113.9', '2001:db8:9::1']
    expect(has.map((each) => includes(list, each))).toEqual([true, true, true, true])
    const lacks = ['198.51.101.1', '203.0.113.8', '2001:db9::1', null, 'x']
    expect(lacks.map((each) => includes(list, each)).some(Boolean)).toBe(false)
  })

  test.each(['', 'example.com', '198.51.100.0/33', '198.51.100.0/', '2001:db8::/0', '1.2.3.4/a'])(
    'refuses %j',
    (network) => {
      expect(() => networkList('limits.deny.networks', [network])).toThrow(ConfigurationError)
    },
  )
})
