/* global document, getComputedStyle, matchMedia */
/** Run inside a page, as one expression: what can be seen of the page there. */
;(() => {
  const all = (selector) => [...document.querySelectorAll(selector)]
  const canvas = document.createElement('canvas').getContext('2d')

  /** The colour that layers of colours make, one over the other. */
  const blend = (...layers) => {
    for (const layer of layers) {
      canvas.fillStyle = layer
      canvas.fillRect(0, 0, 1, 1)
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }

  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  /** The contrast of an element's text with what is behind it, by WCAG 2.2. */
  const contrast = (element) => {
    const layers = [matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#ffffff']
    const ancestors = []
    for (let each = element; each !== null; each = each.parentElement) ancestors.unshift(each)
    for (const each of ancestors) layers.push(getComputedStyle(each).backgroundColor)
    const behind = luminance(blend(...layers))
    const text = luminance(blend(...layers, getComputedStyle(element).color))
    return (Math.max(behind, text) + 0.05) / (Math.min(behind, text) + 0.05)
  }

  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
  const hasName = (field) => field.textContent.trim() !== '' || field.labels?.length === 1
  const { scrollWidth, clientWidth } = document.documentElement
  const focused = getComputedStyle(document.activeElement)

  return {
    font: getComputedStyle(document.body).fontFamily,
    language: document.documentElement.lang,
    headings: all('h1').length,
    mains: all('main').length,
    scripts: document.scripts.length,
    unnamed: all('input, button, select, textarea')
      .filter((field) => !hasName(field))
      .map((field) => field.outerHTML),
    faint: all('body *')
      .filter((element) => hasText(element) && contrast(element) < 4.5)
      .map((element) => `${contrast(element).toFixed(2)}: ${element.outerHTML.slice(0, 80)}`),
    tooWide: scrollWidth > clientWidth,
    focusOutline: `${focused.outlineStyle} ${focused.outlineWidth}`,
  }
})()
