/** Renders the page on which people manage their factors, or choose the first one. */

import type { Asset } from './assets.js'
import { otherAccount } from './frame.js'
import { fill, html, type Html } from './html.js'
import type { Page, PageBody, PageModel } from './page.js'
import type { Wording } from './wording.js'

/** The model of the page: the factors that are held, and those that can be enrolled. */
export interface FactorsPage extends Page {
  readonly name: 'factors'
  readonly sections: readonly ManagedFactor[]
  /** True if no factor is held yet, so that the person has to choose one. */
  readonly isFirst: boolean
  /** True if the person has to set up a factor before anything else. */
  readonly isDue: boolean
  /** The deadline to enrol a factor; `null` outside a grace period. */
  readonly dueBy: Date | null
  /** Devices on which the person is not asked again. */
  readonly devices: readonly ShownDevice[]
  /** The page that the person goes on to. */
  readonly returnTo: string
}

/** A trusted device. */
export interface ShownDevice {
  readonly id: string
  /** The name made from its user agent; may be empty. */
  readonly name: string
  /** The time at which a second factor was passed there. */
  readonly trustedAt: Date
  readonly usedAt: Date
  readonly expiresAt: Date
  /** True for the device that shows the page. */
  readonly current: boolean
}

/** One factor on the page. */
export interface ManagedFactor {
  readonly kind: string
  readonly items: readonly ManagedItem[]
  /** True if items can be renamed. */
  readonly canRename: boolean
  /** The page that enrols one more; `null` if no more can be enrolled now. */
  readonly addPath: string | null
  /** The model of the factor's own section; `null` for the default section. */
  readonly own: object | null
}

/** An item of a factor, which the person can name and remove. */
export interface ManagedItem {
  readonly id: string
  readonly name: string
  readonly addedAt: Date
  readonly usedAt: Date | null
  /** False if it cannot be judged, because the secret that sealed it is gone. */
  readonly usable: boolean
}

/** A factor as the page shows it. */
export interface SectionLook {
  name(wording: Wording): string
  /** The text of the link that enrols one, or one more. */
  add(wording: Wording, isMore: boolean): string
  /** Renders the factor's own section. */
  body?(own: object, page: PageModel, wording: Wording): Html
  /** True if that is shown below the list, instead of replacing it. */
  readonly isBelowList?: boolean | undefined
  /** Scripts that the section needs. */
  readonly scripts?: readonly Asset[] | undefined
}

type Model = PageModel<FactorsPage>

/** Makes the page from its model; `looks` has the look of each factor, by kind. */
export function factorsPage(
  model: FactorsPage,
  looks: Readonly<Record<string, SectionLook | undefined>>,
): PageBody<FactorsPage> {
  return {
    model,
    heading: ({ texts, isFirst }) => (isFirst ? texts.factors.choose : texts.factors.heading),
    body: (page, wording) => body(page, wording, looks),
    scripts: model.sections.flatMap(({ kind, own }) =>
      own === null ? [] : (looks[kind]?.scripts ?? []),
    ),
  }
}

function body(
  page: Model,
  wording: Wording,
  looks: Readonly<Record<string, SectionLook | undefined>>,
): Html {
  const { sections, isFirst, isDue, dueBy, returnTo, texts } = page
  return html`<p>${isFirst ? texts.factors.chooseIntro : texts.factors.intro}</p>
    ${dueBy === null ? null : html`<p>${fill(texts.factors.dueBy, { time: timeOf(dueBy, wording) })}</p>`}
    ${sections.map((section) => sectionOf(section, page, wording, looks[section.kind]))}
    ${devicesOf(page, wording)}
    ${isDue ? otherAccount(page) : html`<p><a href="${returnTo}">${isFirst ? texts.factors.notNow : texts.factors.back}</a></p>`}`
}

function sectionOf(
  section: ManagedFactor,
  page: Model,
  wording: Wording,
  look: SectionLook | undefined,
): Html {
  const { kind, own, items, addPath } = section
  const ownBody = own === null ? undefined : look?.body?.(own, page, wording)
  const inner =
    ownBody !== undefined && look?.isBelowList !== true
      ? ownBody
      : html`${items.length === 0 ? null : heldList(section, page, wording)}
          ${
            addPath === null
              ? null
              : html`<p>
                <a class="button quiet" href="${addPath}">${look?.add(wording, items.length > 0) ?? kind}</a>
              </p>`
          }
          ${ownBody ?? null}`
  return html`<section>
    <h2>${look?.name(wording) ?? kind}</h2>
    ${inner}
  </section>`
}

function devicesOf(page: Model, wording: Wording): Html | null {
  const { devices, texts, mountPath } = page
  if (devices.length === 0) return null
  return html`<section>
    <h2>${texts.devices.heading}</h2>
    <p>${texts.devices.intro}</p>
    <ul class="held">
      ${devices.map((device) => html`<li>${deviceItem(device, page, wording)}</li>`)}
    </ul>
    ${
      devices.length === 1
        ? null
        : html`<form method="post" action="${mountPath}/devices/remove">
          <button class="quiet">${texts.devices.removeAll}</button>
        </form>`
    }
  </section>`
}

function deviceItem(device: ShownDevice, { texts, mountPath }: Model, wording: Wording): Html {
  const { id, name, usedAt, expiresAt, current } = device
  return html`<p>
      <strong>${name === '' ? texts.devices.unnamed : name}</strong>
      ${current ? html`<span class="hint">${texts.devices.current}</span>` : null}
    </p>
    <p class="hint">
      ${fill(texts.factors.used, { time: timeOf(usedAt, wording) })} ·
      ${fill(texts.devices.until, { time: timeOf(expiresAt, wording) })}
    </p>
    <form method="post" action="${mountPath}/devices/${id}/remove">
      <button class="quiet">${texts.devices.remove}</button>
    </form>`
}

function heldList({ items, canRename }: ManagedFactor, page: Model, wording: Wording): Html {
  return html`<ul class="held">
    ${items.map((item) => html`<li>${heldItem(item, canRename, page, wording)}</li>`)}
  </ul>`
}

function heldItem(item: ManagedItem, canRename: boolean, page: Model, wording: Wording): Html {
  const { id, name, addedAt, usedAt, usable } = item
  const { mountPath, texts } = page
  const at = `${mountPath}/factors/${id}`
  return html`${name === '' ? null : html`<p><strong>${name}</strong></p>`}
    <p class="hint">
      ${fill(texts.factors.added, { time: timeOf(addedAt, wording) })} ·
      ${usedAt === null ? texts.factors.notUsed : fill(texts.factors.used, { time: timeOf(usedAt, wording) })}
    </p>
    ${usable ? null : html`<p class="alert">${texts.factors.unusable}</p>`}
    ${canRename ? renameForm(at, item, page) : null}
    <form method="post" action="${at}/remove">
      <button class="quiet">${texts.factors.remove}</button>
    </form>`
}

function renameForm(at: string, { id, name }: ManagedItem, { texts }: Model): Html {
  return html`<details>
    <summary>${texts.factors.rename}</summary>
    <form method="post" action="${at}/rename">
      <label for="name-${id}">${texts.factors.itemName}</label>
      <input id="name-${id}" name="name" value="${name}" maxlength="50" required />
      <button class="quiet">${texts.factors.rename}</button>
    </form>
  </details>`
}

/** A time that scripts show in the person's own time zone. */
function timeOf(at: Date, wording: Wording): Html {
  return html`<time datetime="${at.toISOString()}" data-local>${wording.time(at)}</time>`
}
