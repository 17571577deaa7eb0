/** Reads the few parts of a page that tests need, from its HTML source. */

/** Attributes of a tag. */
export type Attributes = Readonly<Record<string, string>>

/** The attributes of every tag of this name, in order. */
export function tagsOf(page: string, name: string): Attributes[] {
  const tags = page.matchAll(new RegExp(`<${name}((?:\\s[^>]*)?)>`, 'g'))
  return [...tags].map(([, text = '']) => {
    const attributes = text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)
    return Object.fromEntries([...attributes].map(([, key = '', value = '']) => [key, value]))
  })
}

/** The attributes of every field that a person sees, in order. */
export function fieldsOf(page: string): Attributes[] {
  return tagsOf(page, 'input').filter(({ type }) => type !== 'hidden')
}

/** The text that a person reads: the text between the tags, its white space joined. */
export function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body'))
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
