/** Names a device from its user agent, for the owner's list of devices. */

const browsers: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/**
 * A name such as "Firefox on Linux", or an empty string if the user agent is unknown. It is for display only: a browser
 * can send any user agent.
 */
export function deviceName(userAgent: string | undefined): string {
  const named = (list: typeof browsers) =>
    list.find(([pattern]) => pattern.test((userAgent ?? '').slice(0, 512)))?.[1]
  const [browser, system] = [named(browsers), named(systems)]
  return browser === undefined || system === undefined
    ? (browser ?? system ?? '')
    : `${browser} on ${system}`
}
