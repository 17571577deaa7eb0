/** German, for factors that users enrol. */

import type { HeldTexts } from './held-texts.js'

/** The texts about authenticator apps, passkeys and recovery codes in German. */
export const deHeld: HeldTexts = {
  totp: {
    name: 'Authenticator-App',
    use: 'Authenticator-App verwenden',
    add: 'Authenticator-App einrichten',
    more: 'Andere App verwenden',
    headings: {
      challenge: 'Code aus Ihrer App eingeben',
      setUp: 'Authenticator-App einrichten',
    },
    enterCode:
      'Öffnen Sie Ihre Authenticator-App und geben Sie den {digits}-stelligen Code für dieses Konto ein.',
    codeFormat: '{digits} Ziffern',
    waitForNext: 'Ihre App zeigt alle 30 Sekunden einen neuen Code. Warten Sie auf den nächsten.',
    checkClock:
      'Wenn Ihre Codes immer wieder abgelehnt werden, prüfen Sie, ob Ihr Telefon die Uhrzeit automatisch einstellt.',
    scan: 'Scannen Sie diesen QR-Code mit einer Authenticator-App auf Ihrem Telefon. Wenn Sie noch keine haben, laden Sie eine aus Ihrem App-Store.',
    qrLabel: 'QR-Code für Ihre Authenticator-App',
    openApp: 'Auf diesem Gerät einrichten',
    cannotScan: 'Sie können den Code nicht scannen?',
    typeKey:
      'Fügen Sie in Ihrer App ein Konto hinzu, wählen Sie die Eingabe eines Schlüssels und geben Sie diesen ein:',
    listedAs: 'In Ihrer App heißt der Eintrag {account}.',
    firstCode: 'Geben Sie dann den {digits}-stelligen Code ein, den Ihre App anzeigt.',
  },
  passkey: {
    name: 'Passkey',
    use: 'Passkey verwenden',
    add: 'Passkey hinzufügen',
    headings: { challenge: 'Ihren Passkey verwenden', setUp: 'Passkey hinzufügen' },
    explain:
      'Ihr Browser fragt gleich nach Ihrem Passkey. Bestätigen Sie mit Fingerabdruck, Gesicht, Displaysperre oder Sicherheitsschlüssel.',
    continue: 'Passkey verwenden',
    purpose:
      'Ein Passkey liegt auf Ihrem Gerät, in Ihrem Passwortmanager oder auf einem Sicherheitsschlüssel. Er funktioniert nur auf dieser Website, sodass ihn Ihnen niemand ablisten kann.',
    create: 'Passkey erstellen',
    unsupported:
      'Um hier einen Passkey zu verwenden, brauchen Sie JavaScript und einen Browser, der Passkeys unterstützt.',
    cancelled: 'Die Abfrage wurde geschlossen oder ist abgelaufen. Versuchen Sie es noch einmal.',
    already: 'Auf diesem Gerät gibt es schon einen Passkey für Ihr Konto.',
    failed:
      'Ihr Browser konnte hier keinen Passkey verwenden. Versuchen Sie es noch einmal oder nehmen Sie ein anderes Gerät.',
    refusals: {
      passkey_rejected:
        'Dieser Passkey hat nicht funktioniert. Versuchen Sie es noch einmal oder bestätigen Sie auf einem anderen Weg, dass Sie es sind.',
    },
  },
  recoveryCodes: {
    name: 'Wiederherstellungscodes',
    use: 'Wiederherstellungscode verwenden',
    add: 'Wiederherstellungscodes erstellen',
    renew: 'Neue Wiederherstellungscodes erstellen',
    headings: {
      challenge: 'Wiederherstellungscode eingeben',
      setUp: 'Wiederherstellungscodes sichern',
    },
    enterCode:
      'Geben Sie einen Ihrer gespeicherten Wiederherstellungscodes ein. Jeder Code gilt nur einmal.',
    codeFormat: 'Ein Wiederherstellungscode hat 24 Buchstaben und Ziffern. Geben Sie alle ein.',
    label: 'Wiederherstellungscode',
    purpose:
      'Wenn Sie Ihr Telefon verlieren, melden Sie sich mit einem dieser Codes an. Jeder Code gilt nur einmal. Bewahren Sie die Codes sicher auf, zum Beispiel in einem Passwortmanager. Sie werden nicht noch einmal angezeigt.',
    replaces: 'Sobald Sie bestätigen, gelten Ihre bisherigen Wiederherstellungscodes nicht mehr.',
    copy: 'Kopieren',
    copied: 'Kopiert',
    print: 'Drucken',
    download: 'Herunterladen',
    saved: 'Ich habe diese Codes gespeichert',
    keepSafe: 'Jeder Code gilt nur einmal. Bewahren Sie die Codes sicher auf.',
    left: 'Verbleibende Codes: {left} von {total}',
    runningOut:
      'Ihre Wiederherstellungscodes gehen zur Neige. Erstellen Sie neue, solange Sie sich noch anmelden können.',
  },
}
