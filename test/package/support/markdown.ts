/** Extracts fenced code blocks from a Markdown page, and the commands and file trees in them. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from './source-tree.js'

/** One fenced block. */
export interface CodeBlock {
  readonly page: string
  readonly language: string
  readonly text: string
  /** Line of the page on which the block's own first line stands. */
  readonly line: number
}

/** One command of a shell block. */
export interface Command {
  /** Its position, as `README.md:12`. */
  readonly place: string
  /** Variables set before it. */
  readonly env: Readonly<Record<string, string>>
  /** The command without them. */
  readonly text: string
}

/** A page of the root folder. */
export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  let open: {
    fence: string
    indent: string
    language: string
    lines: string[]
    line: number
  } | null = null
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^( *)(`{3,}|~{3,}) *([^\s`]*)/.exec(line)
    if (open === null) {
      if (fence === null) continue
      const [, indent = '', mark = '', language = ''] = fence
      open = { fence: mark, indent, language, lines: [], line: index + 2 }
    } else if (fence?.[2]?.startsWith(open.fence) && fence[3] === '') {
      const { language, lines, line: first } = open
      blocks.push({ page, language, text: `${lines.join('\n')}\n`, line: first })
      open = null
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line)
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line}: this code block does not end`)
  return blocks
}

/** The commands of a shell block: comments and prompts dropped, continued lines joined, `&&` taken apart. */
export function commandsOf(block: CodeBlock): Command[] {
  const found: Command[] = []
  let continued = ''
  for (const [index, line] of block.text.split('\n').entries()) {
    const text =
      continued +
      line
        .replace(/(?:^|\s)#.*$/, '')
        .replace(/^\s*\$ /, '')
        .trim()
    continued = text.endsWith('\\') ? `${text.slice(0, -1).trimEnd()} ` : ''
    if (continued !== '' || text === '') continue
    const place = `${block.page}:${block.line + index}`
    for (const part of text.split(/\s+&&\s+/)) found.push(command(place, part))
  }
  return found
}

function command(place: string, text: string): Command {
  const env: Record<string, string> = {}
  let rest = text
  for (;;) {
    const assignment = /^([A-Z][A-Z0-9_]*)=('[^']*'|"[^"]*"|[^\s'"]*)\s+(?=\S)/.exec(rest)
    if (assignment === null) return { place, env, text: rest }
    const [whole, name = '', value = ''] = assignment
    env[name] = value.replace(/^(['"])(.*)\1$/, '$2')
    rest = rest.slice(whole.length)
  }
}

/** The paths in a drawn tree. */
export interface DrawnTree {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/**
 * The folders and files that a block draws as a tree: two spaces for each level, one or more names on a line, the
 * description after at least one space more. A folder's name ends in `/`.
 */
export function drawnTree({ text }: Pick<CodeBlock, 'text'>): DrawnTree {
  const folders: string[] = []
  const files: string[] = []
  const above: string[] = []
  for (const line of text.split('\n')) {
    const [, indent = '', names = ''] = /^( *)((?:[\w.-]+(?:\/|\.\w+)(?: |$))+)/.exec(line) ?? []
    const level = indent.length / 2
    for (const name of names.trim().split(' ')) {
      const path = [...above.slice(0, level), name.replace(/\/$/, '')].join('/')
      if (name.endsWith('/')) {
        folders.push(path)
        above.splice(level, Infinity, name.slice(0, -1))
      } else if (name !== '') {
        files.push(path)
      }
    }
  }
  return { folders, files }
}
