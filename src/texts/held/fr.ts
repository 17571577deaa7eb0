/** French, for factors that users enrol. */

import type { HeldTexts } from './held-texts.js'

/** The texts about authenticator apps, passkeys and recovery codes in French. */
export const frHeld: HeldTexts = {
  totp: {
    name: 'Application d’authentification',
    use: 'Utiliser votre application d’authentification',
    add: 'Configurer une application d’authentification',
    more: 'Utiliser une autre application',
    headings: {
      challenge: 'Saisissez le code de votre application',
      setUp: 'Configurez une application d’authentification',
    },
    enterCode:
      'Ouvrez votre application d’authentification et saisissez le code à {digits} chiffres de ce compte.',
    codeFormat: '{digits} chiffres',
    waitForNext:
      'Votre application affiche un nouveau code toutes les 30 secondes. Attendez le suivant.',
    checkClock:
      'Si vos codes sont toujours refusés, vérifiez que votre téléphone règle l’heure automatiquement.',
    scan: 'Scannez ce code QR avec une application d’authentification sur votre téléphone. Si vous n’en avez pas, installez-en une depuis votre boutique d’applications.',
    qrLabel: 'Code QR pour votre application d’authentification',
    openApp: 'Configurer sur cet appareil',
    cannotScan: 'Vous ne pouvez pas scanner le code ?',
    typeKey:
      'Ajoutez un compte dans votre application, choisissez de saisir une clé de configuration et entrez celle-ci :',
    listedAs: 'Votre application l’affichera sous le nom {account}.',
    firstCode: 'Saisissez ensuite le code à {digits} chiffres affiché par votre application.',
  },
  passkey: {
    name: 'Clé d’accès',
    use: 'Utiliser une clé d’accès',
    add: 'Ajouter une clé d’accès',
    headings: { challenge: 'Utilisez votre clé d’accès', setUp: 'Ajoutez une clé d’accès' },
    explain:
      'Votre navigateur va demander votre clé d’accès. Confirmez avec votre empreinte, votre visage, le verrouillage de l’écran ou votre clé de sécurité.',
    continue: 'Utiliser votre clé d’accès',
    purpose:
      'Une clé d’accès se trouve sur votre appareil, dans votre gestionnaire de mots de passe ou sur une clé de sécurité. Elle ne fonctionne que sur ce site : personne ne peut vous la soutirer.',
    create: 'Créer une clé d’accès',
    unsupported:
      'Pour utiliser une clé d’accès ici, il faut JavaScript et un navigateur qui prend en charge les clés d’accès.',
    cancelled: 'La demande a été fermée ou a expiré. Réessayez.',
    already: 'Cet appareil a déjà une clé d’accès pour votre compte.',
    failed:
      'Votre navigateur n’a pas pu utiliser de clé d’accès ici. Réessayez, ou prenez un autre appareil.',
    refusals: {
      passkey_rejected:
        'Cette clé d’accès n’a pas fonctionné. Réessayez, ou confirmez votre identité d’une autre façon.',
    },
  },
  recoveryCodes: {
    name: 'Codes de secours',
    use: 'Utiliser un code de secours',
    add: 'Obtenir des codes de secours',
    renew: 'Obtenir de nouveaux codes de secours',
    headings: {
      challenge: 'Saisissez un code de secours',
      setUp: 'Enregistrez vos codes de secours',
    },
    enterCode:
      'Saisissez l’un des codes de secours que vous avez enregistrés. Chaque code ne sert qu’une fois.',
    codeFormat: 'Un code de secours comporte 24 lettres et chiffres. Saisissez-les tous.',
    label: 'Code de secours',
    purpose:
      'Si vous perdez votre téléphone, l’un de ces codes vous permettra de vous connecter. Chaque code ne sert qu’une fois. Conservez-les en lieu sûr, par exemple dans un gestionnaire de mots de passe. Ils ne seront plus affichés.',
    replaces: 'Dès que vous confirmerez, vos anciens codes de secours ne fonctionneront plus.',
    copy: 'Copier',
    copied: 'Copié',
    print: 'Imprimer',
    download: 'Télécharger',
    saved: 'J’ai enregistré ces codes',
    keepSafe: 'Chaque code ne sert qu’une fois. Conservez-les en lieu sûr.',
    left: 'Codes restants : {left} sur {total}',
    runningOut:
      'Il vous reste peu de codes de secours. Obtenez-en de nouveaux tant que vous pouvez encore vous connecter.',
  },
}
