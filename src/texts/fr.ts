/** French. */

import { titled, type PhoneMessages } from './phone-messages.js'
import { frHeld } from './held/fr.js'
import type { Texts } from './texts.js'

/** The texts of the pages in French. */
export const fr: Texts = {
  headings: { passed: 'Identité confirmée', message: 'Un problème est survenu' },
  errorTitle: 'Erreur : {heading}',
  account: 'Compte : {account}',
  help: 'Besoin d’aide ?',
  support: 'Contacter l’assistance',
  contactSupport: 'Contactez l’assistance.',
  working: 'Un instant…',
  triesLeft: { one: 'Il vous reste {count} essai.', other: 'Il vous reste {count} essais.' },
  noTriesLeft: 'Ce code est incorrect. Vous n’avez plus d’essai. Demandez un nouveau code.',
  code: 'Code',
  confirm: 'Confirmer',
  otherAccount: 'Se connecter à un autre compte',
  logIn: 'Se connecter',
  toChallenge: 'Saisir le code',
  tryAgain: 'Réessayer',
  passed: 'Vous avez confirmé votre identité.',
  goOn: 'Continuer',
  refusals: {
    malformed_request:
      'Une information manque ou n’a pas le bon format. Vérifiez-la, puis réessayez.',
    method_not_allowed: 'Cette adresse n’accepte pas ce type de requête.',
    body_too_large: 'Il y a trop de données. Saisissez-en moins, puis réessayez.',
    unsupported_media_type: 'Envoyez du JSON ou un formulaire.',
    login_required: 'Connectez-vous d’abord avec votre mot de passe.',
    second_factor_required: 'Confirmez d’abord votre identité avec un code.',
    second_factor_stale:
      'Pour votre sécurité, cette opération exige un nouveau code. Saisissez-le pour continuer.',
    cross_site_request:
      'Cette demande a été bloquée, car elle venait d’un autre site. Recommencez à partir d’ici.',
    second_factor_insufficient:
      'Cette opération exige une autre façon de confirmer votre identité. Choisissez-en une ci-dessous.',
    code_incorrect: 'Ce code est incorrect. Vérifiez-le, puis réessayez.',
    code_expired: 'Ce code a expiré. Demandez-en un nouveau.',
    code_used: 'Ce code a déjà été utilisé. Saisissez-en un nouveau.',
    factor_not_enrolled:
      'Cette méthode n’est pas configurée pour votre compte. Choisissez-en une autre.',
    setup_expired:
      'La configuration a expiré, ou quelque chose a changé entre-temps. Recommencez-la.',
    factor_limit: 'Vous ne pouvez pas en ajouter d’autre. Supprimez-en une d’abord.',
    last_factor:
      'Il vous faut au moins une façon de confirmer votre identité. Ajoutez-en une autre avant de supprimer celle-ci.',
    factors_lost:
      'Nous ne pouvons pas lire la seconde étape de votre compte pour le moment et ne pouvons donc pas vous laisser entrer. Contactez l’assistance.',
    no_challenge: 'Aucun code n’est valable dans ce navigateur. Demandez-en un nouveau.',
    attempts_exhausted: 'Trop de codes incorrects. Demandez-en un nouveau.',
    locked_out:
      'Trop de codes incorrects. Pour votre sécurité, ce compte n’accepte plus de code. Contactez l’assistance pour le débloquer. Si ce n’était pas vous, changez votre mot de passe.',
    store_unavailable: 'Le service est indisponible pour le moment. Réessayez dans un instant.',
  },
  waits: {
    attempts_exhausted:
      'Trop de codes incorrects. Vous pourrez en demander un nouveau dans {duration}.',
    locked_out:
      'Trop de codes incorrects. Pour votre sécurité, vous ne pouvez pas saisir de code avant le {time} (dans {duration}). Si ce n’était pas vous, changez votre mot de passe.',
    store_unavailable: 'Le service est indisponible pour le moment. Réessayez dans {duration}.',
  },
  lockedNow:
    'C’est un code incorrect de trop. Pour votre sécurité, vous ne pouvez pas en saisir d’autre avant le {time}. Si ce n’était pas vous, changez votre mot de passe.',
  tryAgainIn: 'Réessayez dans {duration}.',
  factors: {
    heading: 'Sécurité de la connexion',
    choose: 'Configurer une seconde étape',
    intro: 'Voici vos façons de confirmer votre identité à la connexion.',
    chooseIntro:
      'Choisissez comment confirmer votre identité à la connexion, en plus de votre mot de passe.',
    dueBy: 'Vous devez en configurer une avant le {time}.',
    otherWays: 'Autres façons de confirmer votre identité',
    added: 'Ajouté : {time}',
    used: 'Dernière utilisation : {time}',
    notUsed: 'Pas encore utilisé',
    unusable: 'Inutilisable pour le moment. Contactez l’assistance.',
    itemName: 'Nom',
    rename: 'Renommer',
    remove: 'Supprimer',
    cancel: 'Annuler',
    back: 'Retour',
    manage: 'Gérer la sécurité de la connexion',
    notNow: 'Pas maintenant',
  },
  ...frHeld,
  devices: {
    trust: {
      one: 'Ne plus me demander sur cet appareil pendant {count} jour',
      other: 'Ne plus me demander sur cet appareil pendant {count} jours',
    },
    trustHint: 'Ne cochez cette case que sur un appareil que personne d’autre n’utilise.',
    heading: 'Appareils de confiance',
    intro: 'Sur ces appareils, votre mot de passe suffit pour vous connecter.',
    current: 'Cet appareil',
    unnamed: 'Appareil inconnu',
    until: 'De confiance jusqu’au {time}',
    remove: 'Me demander à nouveau ici',
    removeAll: 'Me demander à nouveau sur tous les appareils',
  },
  phone: {
    manage: {
      name: 'Codes par SMS',
      use: 'Recevoir un code par SMS',
      add: 'Ajouter un téléphone',
      change: 'Changer de téléphone',
      messagesOff: 'Ne plus m’envoyer de codes',
      messagesOn: 'M’envoyer à nouveau des codes',
      areOff: 'Aucun code n’est envoyé à ce téléphone.',
    },
    headings: {
      challenge: 'Confirmez votre identité',
      verify: 'Confirmez votre numéro',
      phone: 'Votre numéro de téléphone',
    },
    sent: {
      sms: 'Nous avons envoyé un code à {digits} chiffres par SMS au numéro se terminant par {number}.',
      call: 'Nous appelons le numéro se terminant par {number} pour vous dicter un code à {digits} chiffres.',
      whatsapp:
        'Nous avons envoyé un code à {digits} chiffres sur WhatsApp au numéro se terminant par {number}.',
    },
    enterCode: 'Saisissez le code à {digits} chiffres.',
    enterPhone: 'Saisissez le numéro de téléphone complet, avec l’indicatif du pays.',
    validFor: 'Le code expire dans {duration}.',
    sentAgain: 'Nous vous avons renvoyé le même code.',
    codeFormat: '{digits} chiffres',
    elsewhere:
      'Votre dernier code a été demandé dans un autre navigateur et ne fonctionne que là. Pour continuer ici, demandez-en un nouveau. Si ce n’était pas vous, changez votre mot de passe.',
    changed: 'Votre numéro se termine désormais par {number}. Vos codes y seront envoyés.',
    limitReached: 'Vous avez atteint la limite de codes pour aujourd’hui.',
    nothingCame: 'Vous n’avez pas reçu de code ?',
    nothingCameAdvice:
      'Un SMS peut mettre une minute ou deux à arriver. Vérifiez que votre téléphone a du réseau.',
    checkPhone: 'Vérifiez aussi que le numéro est correct.',
    lostPhone: 'Si vous n’avez plus ce téléphone, contactez l’assistance.',
    lostPhoneOther:
      'Si vous n’avez plus ce téléphone, confirmez votre identité autrement ou contactez l’assistance.',
    send: 'Recevoir un code',
    sendAgain: 'Renvoyer le code',
    sendBy: {
      sms: 'Recevoir plutôt un SMS',
      call: 'Recevoir plutôt un appel',
      whatsapp: 'Le recevoir sur WhatsApp',
    },
    sendIn: 'Nouvel envoi possible dans {duration}.',
    sendNow: 'Vous pouvez maintenant le demander.',
    otherPhone: 'Utiliser un autre numéro',
    confirmAgain: 'Confirmer avec un nouveau code',
    changePhone: 'Changer de numéro de téléphone',
    label: 'Numéro de téléphone, avec l’indicatif du pays',
    use: 'Nous enverrons un code à ce numéro à chaque connexion.',
    example: 'Par exemple {example}',
    countryCode:
      'L’indicatif du pays manque ou n’est pas clair. Commencez par + et l’indicatif, comme dans {example}.',
    present:
      'Votre numéro se termine par {number}. Si vous en changez, vous devrez saisir un nouveau code sur tous vos autres appareils.',
    replacedNotice: 'Nous préviendrons l’ancien numéro par SMS qu’il a été remplacé.',
    sendToPhone: 'Envoyer un code à ce numéro',
    smsIsWeak:
      'Les SMS protègent mieux qu’un mot de passe seul, mais ils peuvent être interceptés, et un numéro peut être détourné. Si une application d’authentification ou une clé de sécurité vous est proposée, préférez-la.',
    neverShare: 'Ne donnez ce code à personne. Notre assistance ne vous le demandera jamais.',
    notDelivered: {
      unreachable:
        'Le message n’est pas parvenu à votre téléphone. Vérifiez qu’il est allumé et qu’il a du réseau, puis redemandez le code.',
      number_invalid: 'Le message n’est pas arrivé, car ce numéro ne peut pas le recevoir.',
      blocked: 'Votre opérateur a bloqué le message.',
      not_delivered: 'Le message n’est pas arrivé. Redemandez le code.',
    },
    unusable: 'Nous ne pouvons pas envoyer de code au numéro de téléphone de votre compte.',
    useOtherPhone: 'Utilisez un autre numéro.',
    optIn:
      'Si vous avez déjà répondu STOP à nos messages, envoyez START au même numéro, puis redemandez le code.',
    refusals: {
      destination_missing: 'Votre compte n’a pas de numéro de téléphone auquel envoyer un code.',
      destination_invalid:
        'Nous ne pouvons pas envoyer de SMS à ce numéro. Vérifiez-le, indicatif du pays compris.',
      destination_blocked: 'Nous ne pouvons pas envoyer de code à ce numéro. Utilisez-en un autre.',
      unknown_number: 'Le code est correct, mais aucun compte n’a ce numéro de téléphone.',
      cooldown: 'Nous venons d’envoyer un code. Patientez un instant avant d’en demander un autre.',
      send_limit:
        'Vous avez atteint la limite de codes pour aujourd’hui. Utilisez le dernier reçu, ou réessayez plus tard.',
      delivery_failed:
        'Nous ne savons pas si votre code a été envoyé. S’il arrive, saisissez-le. Sinon, redemandez-le.',
      service_misconfigured:
        'Nous ne pouvons pas envoyer de code pour le moment. Contactez l’assistance.',
      delivery_unavailable:
        'Nous ne pouvons pas envoyer de code pour le moment. Réessayez dans un instant.',
    },
    waits: {
      cooldown: 'Nous venons d’envoyer un code. Vous pourrez en demander un autre dans {duration}.',
      send_limit:
        'Vous avez atteint la limite de codes pour aujourd’hui. Utilisez le dernier reçu, ou réessayez dans {duration}.',
      delivery_failed:
        'Nous ne savons pas si votre code a été envoyé. S’il arrive, saisissez-le. Sinon, vous pourrez le redemander dans {duration}.',
      delivery_unavailable:
        'Nous ne pouvons pas envoyer de code pour le moment. Réessayez dans {duration}.',
    },
  },
}

/** The text messages in French, the best wording first. */
export const frMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${titled(appName)}${code} est votre code. Il expire dans ${minutes} min. Ne le donnez à personne.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Votre numéro a été remplacé par un autre finissant par ${lastDigits}. Si ce n'est pas vous, contactez vite l'assistance.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Votre numéro est devenu ..${lastDigits}. Pas vous ? Contactez l'assistance.`,
  ],
  changed: {
    added: [
      (appName) =>
        `${titled(appName)}Une nouvelle étape de vérification a été ajoutée à votre compte. Ce n'est pas vous ? Changez votre mot de passe.`,
    ],
    removed: [
      (appName) =>
        `${titled(appName)}Une étape de vérification a été supprimée de votre compte. Ce n'est pas vous ? Changez votre mot de passe.`,
    ],
    recovery_code_used: [
      (appName) =>
        `${titled(appName)}Un code de secours a servi à ouvrir votre compte. Ce n'est pas vous ? Changez votre mot de passe.`,
    ],
    reset: [
      (appName) =>
        `${titled(appName)}L'assistance a réinitialisé la vérification de votre compte. Pas demandé ? Contactez l'assistance.`,
    ],
  },
}
