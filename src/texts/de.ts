/** German. */

import { titled, type PhoneMessages } from './phone-messages.js'
import { deHeld } from './held/de.js'
import type { Texts } from './texts.js'

/** The texts of the pages in German. */
export const de: Texts = {
  headings: { passed: 'Identität bestätigt', message: 'Das hat nicht geklappt' },
  errorTitle: 'Fehler: {heading}',
  account: 'Konto: {account}',
  help: 'Brauchen Sie Hilfe?',
  support: 'Support kontaktieren',
  contactSupport: 'Wenden Sie sich an den Support.',
  working: 'Einen Moment …',
  triesLeft: { one: 'Sie haben noch {count} Versuch.', other: 'Sie haben noch {count} Versuche.' },
  noTriesLeft:
    'Dieser Code ist falsch. Sie haben keinen Versuch mehr. Fordern Sie einen neuen Code an.',
  code: 'Code',
  confirm: 'Bestätigen',
  otherAccount: 'Mit einem anderen Konto anmelden',
  logIn: 'Anmelden',
  toChallenge: 'Zurück zur Code-Eingabe',
  tryAgain: 'Erneut versuchen',
  passed: 'Sie haben Ihre Identität bestätigt.',
  goOn: 'Weiter',
  refusals: {
    malformed_request:
      'Eine Angabe fehlt oder hat nicht das richtige Format. Prüfen Sie sie und versuchen Sie es erneut.',
    method_not_allowed: 'Diese Adresse nimmt solche Anfragen nicht an.',
    body_too_large: 'Das sind zu viele Daten. Geben Sie weniger ein und versuchen Sie es erneut.',
    unsupported_media_type: 'Senden Sie JSON oder ein Formular.',
    login_required: 'Melden Sie sich zuerst mit Ihrem Passwort an.',
    second_factor_required: 'Bestätigen Sie zuerst mit einem Code Ihre Identität.',
    second_factor_stale: 'Geben Sie zu Ihrer Sicherheit einen neuen Code ein, bevor es weitergeht.',
    cross_site_request:
      'Die Anfrage kam von einer anderen Website und wurde blockiert. Rufen Sie die Seite hier erneut auf.',
    second_factor_insufficient:
      'Hierfür müssen Sie Ihre Identität auf einem anderen Weg bestätigen. Wählen Sie unten einen aus.',
    code_incorrect: 'Dieser Code ist falsch. Prüfen Sie ihn und versuchen Sie es erneut.',
    code_expired: 'Dieser Code ist abgelaufen. Fordern Sie einen neuen an.',
    code_used: 'Dieser Code wurde schon verwendet. Geben Sie einen neuen ein.',
    factor_not_enrolled: 'Das ist für Ihr Konto nicht eingerichtet. Wählen Sie einen anderen Weg.',
    setup_expired:
      'Die Einrichtung ist abgelaufen, oder in der Zwischenzeit hat sich etwas geändert. Beginnen Sie noch einmal.',
    factor_limit: 'Davon können Sie kein weiteres hinzufügen. Entfernen Sie zuerst eines.',
    last_factor:
      'Sie brauchen mindestens einen Weg, um Ihre Identität zu bestätigen. Fügen Sie einen anderen hinzu, bevor Sie diesen entfernen.',
    factors_lost:
      'Wir können den zweiten Schritt Ihres Kontos gerade nicht lesen und Sie deshalb nicht einlassen. Wenden Sie sich an den Support.',
    no_challenge: 'Für diesen Browser gibt es keinen gültigen Code. Fordern Sie einen neuen an.',
    attempts_exhausted: 'Zu viele falsche Codes. Fordern Sie einen neuen an.',
    locked_out:
      'Zu viele falsche Codes. Zu Ihrer Sicherheit nimmt dieses Konto keine Codes mehr an. Der Support kann es entsperren. Wenn Sie das nicht waren, ändern Sie Ihr Passwort.',
    store_unavailable: 'Der Dienst ist gerade nicht verfügbar. Versuchen Sie es in Kürze erneut.',
  },
  waits: {
    attempts_exhausted: 'Zu viele falsche Codes. In {duration} können Sie einen neuen anfordern.',
    locked_out:
      'Zu viele falsche Codes. Zu Ihrer Sicherheit können Sie bis {time} keinen Code eingeben (noch {duration}). Wenn Sie das nicht waren, ändern Sie Ihr Passwort.',
    store_unavailable:
      'Der Dienst ist gerade nicht verfügbar. Versuchen Sie es in {duration} erneut.',
  },
  lockedNow:
    'Das war ein falscher Code zu viel. Zu Ihrer Sicherheit können Sie bis {time} keinen weiteren eingeben. Wenn Sie das nicht waren, ändern Sie Ihr Passwort.',
  tryAgainIn: 'Versuchen Sie es in {duration} erneut.',
  factors: {
    heading: 'Anmeldesicherheit',
    choose: 'Zweiten Schritt einrichten',
    intro: 'Damit bestätigen Sie beim Anmelden Ihre Identität.',
    chooseIntro:
      'Wählen Sie, womit Sie beim Anmelden Ihre Identität bestätigen. Sie brauchen es zusätzlich zu Ihrem Passwort.',
    dueBy: 'Richten Sie bis {time} einen zweiten Schritt ein.',
    otherWays: 'Andere Wege, Ihre Identität zu bestätigen',
    added: 'Hinzugefügt: {time}',
    used: 'Zuletzt verwendet: {time}',
    notUsed: 'Noch nicht verwendet',
    unusable: 'Das lässt sich gerade nicht verwenden. Wenden Sie sich an den Support.',
    itemName: 'Name',
    rename: 'Umbenennen',
    remove: 'Entfernen',
    cancel: 'Abbrechen',
    back: 'Zurück',
    manage: 'Anmeldesicherheit verwalten',
    notNow: 'Nicht jetzt',
  },
  ...deHeld,
  devices: {
    trust: {
      one: 'Auf diesem Gerät {count} Tag lang nicht mehr fragen',
      other: 'Auf diesem Gerät {count} Tage lang nicht mehr fragen',
    },
    trustHint: 'Nur auf einem Gerät ankreuzen, das sonst niemand benutzt.',
    heading: 'Vertraute Geräte',
    intro: 'Auf diesen Geräten melden Sie sich nur mit Ihrem Passwort an.',
    current: 'Dieses Gerät',
    unnamed: 'Unbekanntes Gerät',
    until: 'Vertraut bis {time}',
    remove: 'Hier wieder fragen',
    removeAll: 'Auf allen Geräten wieder fragen',
  },
  phone: {
    manage: {
      name: 'Codes per SMS',
      use: 'Code per SMS senden',
      add: 'Telefon hinzufügen',
      change: 'Telefon ändern',
      messagesOff: 'Keine Codes mehr senden',
      messagesOn: 'Wieder Codes senden',
      areOff: 'An dieses Telefon werden keine Codes gesendet.',
    },
    headings: {
      challenge: 'Identität bestätigen',
      verify: 'Nummer bestätigen',
      phone: 'Ihre Telefonnummer',
    },
    sent: {
      sms: 'Wir haben einen {digits}-stelligen Code per SMS an die Nummer mit den Endziffern {number} gesendet.',
      call: 'Wir rufen die Nummer mit den Endziffern {number} an und sagen Ihnen einen {digits}-stelligen Code.',
      whatsapp:
        'Wir haben einen {digits}-stelligen Code per WhatsApp an die Nummer mit den Endziffern {number} gesendet.',
    },
    enterCode: 'Geben Sie den {digits}-stelligen Code ein.',
    enterPhone: 'Geben Sie die ganze Telefonnummer mit Ländervorwahl ein.',
    validFor: 'Der Code läuft in {duration} ab.',
    sentAgain: 'Wir haben Ihnen denselben Code noch einmal gesendet.',
    codeFormat: '{digits} Ziffern',
    elsewhere:
      'Ihr letzter Code wurde in einem anderen Browser angefordert und gilt nur dort. Um hier fortzufahren, fordern Sie einen neuen an. Waren Sie das nicht, ändern Sie Ihr Passwort.',
    changed: 'Ihre Nummer endet jetzt auf {number}. Ihre Codes gehen ab sofort dorthin.',
    limitReached: 'Für heute sind keine weiteren Codes möglich.',
    nothingCame: 'Keinen Code erhalten?',
    nothingCameAdvice:
      'Die SMS kann ein bis zwei Minuten dauern. Prüfen Sie, ob Ihr Telefon Empfang hat.',
    checkPhone: 'Prüfen Sie auch, ob die Nummer stimmt.',
    lostPhone: 'Wenn Sie dieses Telefon nicht mehr haben, wenden Sie sich an den Support.',
    lostPhoneOther:
      'Wenn Sie dieses Telefon nicht mehr haben, bestätigen Sie Ihre Identität auf einem anderen Weg oder wenden Sie sich an den Support.',
    send: 'Code senden',
    sendAgain: 'Code erneut senden',
    sendBy: {
      sms: 'Stattdessen per SMS senden',
      call: 'Stattdessen anrufen lassen',
      whatsapp: 'Per WhatsApp senden',
    },
    sendIn: 'Erneut senden in {duration} möglich.',
    sendNow: 'Sie können ihn jetzt anfordern.',
    otherPhone: 'Andere Nummer verwenden',
    confirmAgain: 'Mit einem neuen Code bestätigen',
    changePhone: 'Telefonnummer ändern',
    label: 'Telefonnummer mit Ländervorwahl',
    use: 'Bei jeder Anmeldung senden wir einen Code an diese Nummer.',
    example: 'Zum Beispiel {example}',
    countryCode:
      'Die Ländervorwahl fehlt oder ist nicht eindeutig. Beginnen Sie mit + und der Vorwahl, wie bei {example}.',
    present:
      'Ihre Nummer endet auf {number}. Wenn Sie sie ändern, müssen Sie auf allen anderen Geräten einen neuen Code eingeben.',
    replacedNotice: 'Wir teilen der alten Nummer per SMS mit, dass sie ersetzt wurde.',
    sendToPhone: 'Code an diese Nummer senden',
    smsIsWeak:
      'SMS sind sicherer als ein Passwort allein. Sie können aber abgefangen werden, und Telefonnummern lassen sich kapern. Wenn Ihnen eine Authenticator-App oder ein Sicherheitsschlüssel angeboten wird, verwenden Sie lieber das.',
    neverShare: 'Geben Sie diesen Code niemandem. Unser Support fragt Sie nie danach.',
    notDelivered: {
      unreachable:
        'Die Nachricht hat Ihr Telefon nicht erreicht. Prüfen Sie, ob es eingeschaltet ist und Empfang hat, und fordern Sie den Code dann erneut an.',
      number_invalid:
        'Die Nachricht ist nicht angekommen, weil diese Nummer sie nicht empfangen kann.',
      blocked: 'Ihr Mobilfunkanbieter hat die Nachricht blockiert.',
      not_delivered: 'Die Nachricht ist nicht angekommen. Fordern Sie den Code erneut an.',
    },
    unusable: 'An die Telefonnummer Ihres Kontos können wir keine Codes senden.',
    useOtherPhone: 'Verwenden Sie eine andere Nummer.',
    optIn:
      'Wenn Sie auf unsere Nachrichten einmal mit STOP geantwortet haben, senden Sie START an dieselbe Nummer und fordern Sie den Code dann erneut an.',
    refusals: {
      destination_missing: 'Zu Ihrem Konto gibt es keine Telefonnummer für den Code.',
      destination_invalid:
        'An diese Nummer können wir keine SMS senden. Prüfen Sie sie und geben Sie auch die Ländervorwahl ein.',
      destination_blocked:
        'An diese Nummer können wir keine Codes senden. Verwenden Sie eine andere.',
      unknown_number: 'Der Code ist richtig, aber zu dieser Telefonnummer gibt es kein Konto.',
      cooldown:
        'Wir haben gerade einen Code gesendet. Warten Sie kurz, bevor Sie einen weiteren anfordern.',
      send_limit:
        'Für heute sind keine weiteren Codes möglich. Verwenden Sie den letzten oder versuchen Sie es später erneut.',
      delivery_failed:
        'Wir wissen nicht, ob Ihr Code gesendet wurde. Wenn er ankommt, geben Sie ihn ein. Sonst fordern Sie ihn erneut an.',
      service_misconfigured:
        'Wir können gerade keine Codes senden. Wenden Sie sich an den Support.',
      delivery_unavailable:
        'Wir können gerade keine Codes senden. Versuchen Sie es in Kürze erneut.',
    },
    waits: {
      cooldown:
        'Wir haben gerade einen Code gesendet. In {duration} können Sie einen weiteren anfordern.',
      send_limit:
        'Für heute sind keine weiteren Codes möglich. Verwenden Sie den letzten oder versuchen Sie es in {duration} erneut.',
      delivery_failed:
        'Wir wissen nicht, ob Ihr Code gesendet wurde. Wenn er ankommt, geben Sie ihn ein. Sonst können Sie ihn in {duration} erneut anfordern.',
      delivery_unavailable:
        'Wir können gerade keine Codes senden. Versuchen Sie es in {duration} erneut.',
    },
  },
}

/** The text messages in German, the best wording first. */
export const deMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${titled(appName)}${code} ist Ihr Code. Er gilt ${minutes} min. Geben Sie ihn nicht weiter.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Ihre Nummer wurde durch eine mit den Endziffern ${lastDigits} ersetzt. Waren Sie das nicht, melden Sie sich sofort beim Support.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Ihre Nummer ist jetzt ..${lastDigits}. Nicht von Ihnen? Support kontaktieren.`,
  ],
  changed: {
    added: [
      (appName) =>
        `${titled(appName)}In Ihrem Konto wurde ein neuer zweiter Schritt eingerichtet. Nicht von Ihnen? Ändern Sie jetzt Ihr Passwort.`,
    ],
    removed: [
      (appName) =>
        `${titled(appName)}In Ihrem Konto wurde ein zweiter Schritt entfernt. Nicht von Ihnen? Ändern Sie jetzt Ihr Passwort.`,
    ],
    recovery_code_used: [
      (appName) =>
        `${titled(appName)}Mit einem Wiederherstellungscode wurde auf Ihr Konto zugegriffen. Nicht Sie? Ändern Sie jetzt Ihr Passwort.`,
    ],
    reset: [
      (appName) =>
        `${titled(appName)}Der Support hat den zweiten Schritt Ihres Kontos zurückgesetzt. Nicht gewünscht? Melden Sie sich beim Support.`,
    ],
  },
}
