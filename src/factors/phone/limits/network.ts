/** The network of a client's address. Addresses that one attacker can easily have many of count as one network. */

import { BlockList, isIP } from 'node:net'

import { ConfigurationError } from '../../../core/errors.js'

/** A client's network. */
export interface Network {
  /** An IPv4 address, or the first bits of an IPv6 address with their number, such as `2001:db8:0:1::/64`. */
  readonly name: string
  /** True if it does not identify anybody: loopback, link-local or private. */
  readonly isPrivate: boolean
}

const privateNetworks = networkList('', [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16'],
  ...['100.64.0.0/10', '::1/128', 'fc00::/7', 'fe80::/10'],
])

/** The network of an address; `null` without an address, so that unknown clients do not share one counter. */
export function networkOf(address: string | null | undefined, ipv6Bits: number): Network | null {
  const [bare = ''] = (address ?? '').split('%')
  const version = isIP(bare)
  if (version === 0) return null
  const words = version === 6 ? wordsOf(bare) : []
  const mapped = mappedAddress(words)
  const ipv4 = version === 4 ? bare : mapped
  if (ipv4 !== null) return { name: ipv4, isPrivate: includes(privateNetworks, ipv4) }
  return { name: firstBits(words, ipv6Bits), isPrivate: includes(privateNetworks, bare) }
}

/** Returns true if an address is in one of the networks. */
export function includes(networks: BlockList, address: string | null | undefined): boolean {
  const [bare = ''] = (address ?? '').split('%')
  const version = isIP(bare)
  return version !== 0 && networks.check(bare, version === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Builds a list of networks from addresses and `address/bits`.
 *
 * @throws ConfigurationError for an entry that is neither.
 */
export function networkList(option: string, networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const version = isIP(address)
    const length = bits === undefined ? (version === 4 ? 32 : 128) : Number(bits)
    const isLength = Number.isInteger(length) && length >= 1 && length <= (version === 4 ? 32 : 128)
    if (version === 0 || !isLength || bits === '') {
      throw new ConfigurationError(
        `${option} holds ${JSON.stringify(network)}; write an address, or a network such as '203.0.113.0/24'`,
        option,
      )
    }
    list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** The eight words of an IPv6 address. */
function wordsOf(address: string): readonly number[] {
  const quad = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const hex = (high = '0', low = '0') => (Number(high) * 256 + Number(low)).toString(16)
  const plain =
    quad === null ? address : `${quad[1]}${hex(quad[2], quad[3])}:${hex(quad[4], quad[5])}`
  const [head = '', tail] = plain.split('::')
  const words = (part: string) => (part === '' ? [] : part.split(':'))
  const [before, after] = [words(head), words(tail ?? '')]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((word) => parseInt(word, 16))
}

/** The IPv4 address that an IPv6 address stands for, as `::ffff:192.0.2.1` does; else `null`. */
function mappedAddress(words: readonly number[]): string | null {
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff
  if (!isMapped) return null
  return words
    .slice(6)
    .flatMap((word) => [word >> 8, word & 255])
    .join('.')
}

function firstBits(words: readonly number[], bits: number): string {
  const kept = words.map((word, index) => {
    const length = Math.min(16, Math.max(0, bits - 16 * index))
    return (word & (0xffff << (16 - length)) & 0xffff).toString(16)
  })
  return `${kept.slice(0, 4).join(':')}::/${bits}`
}
