/** German. */

import { afterPreposition, titled, type PhoneMessages } from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in German. */
export const de: Texts = {
  headings: { passed: 'Bestätigt', message: 'Bestätigung in zwei Schritten' },
  triesLeft: { one: 'Sie haben noch {count} Versuch.', other: 'Sie haben noch {count} Versuche.' },
  noTriesLeft: 'Sie haben keinen Versuch mehr: Fordern Sie einen neuen Code an.',
  code: 'Code',
  confirm: 'Bestätigen',
  otherAccount: 'Anderes Konto verwenden',
  logIn: 'Anmelden',
  toChallenge: 'Zur Code-Eingabe',
  passed: 'Sie haben bestätigt, dass Sie es sind.',
  goOn: 'Weiter',
  refusals: {
    malformed_request: 'Geben Sie die Ziffern des Codes oder die ganze Telefonnummer ein.',
    method_not_allowed: 'Diese Adresse unterstützt diese Methode nicht.',
    body_too_large: 'Die Anfrage ist zu groß.',
    unsupported_media_type: 'Senden Sie JSON oder ein Formular.',
    login_required: 'Melden Sie sich zuerst mit Ihrem Passwort an.',
    second_factor_required: 'Bestätigen Sie zuerst mit einem Code, dass Sie es sind.',
    second_factor_stale:
      'Bestätigen Sie noch einmal, dass Sie es sind: Hier ist ein neuer Code nötig.',
    cross_site_request:
      'Die Anfrage kam von einer anderen Website. Öffnen Sie die Seite hier und versuchen Sie es erneut.',
    code_incorrect: 'Dieser Code ist falsch.',
    code_expired: 'Dieser Code ist abgelaufen. Fordern Sie einen neuen an.',
    no_challenge: 'Hier wird gerade kein Code erwartet. Fordern Sie einen an.',
    attempts_exhausted: 'Zu viele falsche Codes. Fordern Sie einen neuen Code an.',
    locked_out: 'Zu viele falsche Codes. Die Bestätigung in zwei Schritten ist gesperrt.',
    store_unavailable: 'Der Dienst ist zurzeit nicht verfügbar. Versuchen Sie es in Kürze erneut.',
  },
  tryAgainIn: 'Versuchen Sie es in {duration} erneut.',
  lockedUntil: 'Die Sperre endet am {time}.',
  contactSupport: 'Wenden Sie sich an den Support.',
  phone: {
    headings: {
      challenge: 'Bestätigen Sie, dass Sie es sind',
      verify: 'Bestätigen Sie Ihre Nummer',
      phone: 'Ihre Telefonnummer',
    },
    sent: {
      sms: 'Ein Code mit {digits} Ziffern wurde per SMS an {number} gesendet.',
      call: 'Sie werden unter {number} angerufen und hören einen Code mit {digits} Ziffern.',
      whatsapp: 'Ein Code mit {digits} Ziffern wurde per WhatsApp an {number} gesendet.',
    },
    validFor: 'Der Code ist noch {duration} gültig.',
    sentAgain: 'Derselbe Code wurde noch einmal gesendet.',
    codeFormat: '{digits} Ziffern',
    nothingCame: 'Noch keinen Code erhalten?',
    nothingCameAdvice:
      'Eine Nachricht kann ein bis zwei Minuten brauchen. Prüfen Sie, ob das Telefon Empfang hat und ob die Nummer stimmt.',
    send: 'Code senden',
    sendAgain: 'Code erneut senden',
    sendBy: {
      sms: 'Per SMS senden',
      call: 'Stattdessen anrufen lassen',
      whatsapp: 'Per WhatsApp senden',
    },
    sendIn: 'Möglich in {duration}.',
    sendNow: 'Sie können ihn jetzt anfordern.',
    otherPhone: 'Andere Nummer verwenden',
    confirmAgain: 'Mit einem neuen Code bestätigen',
    changePhone: 'Telefonnummer ändern',
    label: 'Telefonnummer mit Ländervorwahl',
    use: 'Wenn Sie sich anmelden, wird ein Code an diese Nummer gesendet.',
    example: 'Zum Beispiel {example}',
    countryCode:
      'Die Ländervorwahl fehlt oder ist nicht eindeutig: Beginnen Sie mit + und der Vorwahl, wie bei {example}.',
    present:
      'Ihre Nummer ist {number}. Wenn Sie sie ändern, müssen alle anderen Sitzungen erneut mit einem Code bestätigt werden.',
    replacedNotice: 'Die bisherige Nummer erhält eine Nachricht, dass sie ersetzt wurde.',
    sendToPhone: 'Code an diese Nummer senden',
    smsIsWeak:
      'SMS sind sicherer als ein Passwort allein. Sie können aber abgefangen werden, und Telefonnummern lassen sich kapern. Wird eine App oder ein Sicherheitsschlüssel angeboten, ist das sicherer.',
    neverShare:
      'Niemand sonst braucht diesen Code. Geben Sie ihn niemandem, auch nicht dem Support.',
    notDelivered: {
      unreachable:
        'Die Nachricht hat das Telefon nicht erreicht. Schalten Sie es dort ein, wo es Empfang hat, und fordern Sie den Code dann erneut an.',
      number_invalid:
        'Die Nachricht ist nicht angekommen: Diese Nummer kann sie nicht empfangen. Verwenden Sie eine andere oder wenden Sie sich an den Support.',
      blocked:
        'Die Nachricht wurde unterwegs aufgehalten. Verwenden Sie eine andere Nummer oder wenden Sie sich an den Support.',
      not_delivered:
        'Die Nachricht ist nicht angekommen. Prüfen Sie die Nummer oder fordern Sie den Code erneut an.',
    },
    refusals: {
      destination_missing:
        'Es gibt keine Telefonnummer, an die ein Code gesendet werden kann. Geben Sie zuerst eine an.',
      destination_invalid:
        'Diese Telefonnummer kann keinen Code empfangen. Prüfen Sie sie samt Ländervorwahl.',
      destination_blocked:
        'An diese Telefonnummer können keine Codes gesendet werden. Verwenden Sie eine andere.',
      unknown_number: 'Der Code ist richtig, aber kein Benutzer hat diese Telefonnummer.',
      cooldown: 'Gerade wurde ein Code gesendet. Warten Sie, bevor Sie einen weiteren anfordern.',
      send_limit:
        'Es wurden zu viele Codes gesendet. Verwenden Sie den letzten oder versuchen Sie es später erneut.',
      delivery_failed:
        'Der Code wurde möglicherweise nicht gesendet. Wenn er ankommt, geben Sie ihn ein; wenn nicht, fordern Sie ihn erneut an.',
      service_misconfigured:
        'Zurzeit können keine Codes gesendet werden. Wenden Sie sich an den Support.',
      delivery_unavailable:
        'Zurzeit können keine Codes gesendet werden. Versuchen Sie es in Kürze erneut.',
    },
  },
}

/** The text messages in German, the best wording first. */
export const deMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${code} ist Ihr Code${afterPreposition('für', appName)}. Er gilt ${minutes} min. Geben Sie ihn nicht weiter.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Ihre Nummer wurde durch eine mit den Endziffern ${lastDigits} ersetzt. Waren Sie das nicht, melden Sie sich sofort beim Support.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Ihre Nummer ist jetzt ..${lastDigits}. Nicht von Ihnen? Support kontaktieren.`,
  ],
}
