/** French. */

import { afterPreposition, titled, type PhoneMessages } from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in French. */
export const fr: Texts = {
  headings: { passed: 'C’est confirmé', message: 'Double authentification' },
  triesLeft: { one: 'Il vous reste {count} essai.', other: 'Il vous reste {count} essais.' },
  noTriesLeft: 'Il ne vous reste aucun essai : demandez un nouveau code.',
  code: 'Code',
  confirm: 'Confirmer',
  otherAccount: 'Utiliser un autre compte',
  logIn: 'Se connecter',
  toChallenge: 'Aller à la page du code',
  passed: 'Vous avez confirmé votre identité.',
  goOn: 'Continuer',
  refusals: {
    malformed_request: 'Saisissez les chiffres du code, ou le numéro de téléphone complet.',
    method_not_allowed: 'Cette adresse n’accepte pas cette méthode.',
    body_too_large: 'La requête est trop volumineuse.',
    unsupported_media_type: 'Envoyez du JSON ou un formulaire.',
    login_required: 'Connectez-vous d’abord avec votre mot de passe.',
    second_factor_required: 'Confirmez d’abord votre identité avec un code.',
    second_factor_stale: 'Confirmez de nouveau votre identité : il faut ici un nouveau code.',
    cross_site_request: 'La demande venait d’un autre site. Ouvrez la page ici et réessayez.',
    code_incorrect: 'Ce code est incorrect.',
    code_expired: 'Ce code a expiré. Demandez-en un nouveau.',
    no_challenge: 'Aucun code n’est en attente ici. Demandez-en un.',
    attempts_exhausted: 'Trop de codes incorrects. Demandez un nouveau code.',
    locked_out: 'Trop de codes incorrects. La double authentification est bloquée.',
    store_unavailable: 'Le service est indisponible pour le moment. Réessayez dans un instant.',
  },
  tryAgainIn: 'Réessayez dans {duration}.',
  lockedUntil: 'Le blocage prend fin le {time}.',
  contactSupport: 'Contactez le support.',
  phone: {
    headings: {
      challenge: 'Confirmez votre identité',
      verify: 'Confirmez votre numéro',
      phone: 'Votre numéro de téléphone',
    },
    sent: {
      sms: 'Un code à {digits} chiffres a été envoyé par SMS au {number}.',
      call: 'Vous allez recevoir un appel au {number} avec un code à {digits} chiffres.',
      whatsapp: 'Un code à {digits} chiffres a été envoyé par WhatsApp au {number}.',
    },
    validFor: 'Le code expire dans {duration}.',
    sentAgain: 'Le même code a été renvoyé.',
    codeFormat: '{digits} chiffres',
    nothingCame: 'Vous n’avez pas reçu de code ?',
    nothingCameAdvice:
      'Un message peut mettre une minute ou deux à arriver. Vérifiez que le téléphone a du réseau et que le numéro est exact.',
    send: 'Recevoir un code',
    sendAgain: 'Renvoyer le code',
    sendBy: {
      sms: 'Le recevoir par SMS',
      call: 'Recevoir plutôt un appel',
      whatsapp: 'Le recevoir par WhatsApp',
    },
    sendIn: 'Possible dans {duration}.',
    sendNow: 'Vous pouvez maintenant le demander.',
    otherPhone: 'Utiliser un autre numéro',
    confirmAgain: 'Confirmer avec un nouveau code',
    changePhone: 'Changer de numéro de téléphone',
    label: 'Numéro de téléphone, avec l’indicatif du pays',
    use: 'À chaque connexion, un code est envoyé à ce numéro.',
    example: 'Par exemple {example}',
    countryCode:
      'L’indicatif du pays manque ou n’est pas clair : commencez par + et l’indicatif, comme dans {example}.',
    present:
      'Votre numéro est le {number}. Si vous en changez, toutes vos autres sessions devront être confirmées de nouveau par un code.',
    replacedNotice: 'L’ancien numéro recevra un message l’avertissant qu’il a été remplacé.',
    sendToPhone: 'Envoyer un code à ce numéro',
    smsIsWeak:
      'Les SMS protègent mieux qu’un mot de passe seul, mais ils peuvent être interceptés, et un numéro peut être détourné. Si une application ou une clé de sécurité vous est proposée, elle est plus sûre.',
    neverShare:
      'Personne d’autre n’a besoin de ce code. Ne le donnez à personne, pas même au support.',
    notDelivered: {
      unreachable:
        'Le message n’est pas parvenu au téléphone. Allumez-le là où il a du réseau, puis redemandez le code.',
      number_invalid:
        'Le message n’est pas arrivé : ce numéro ne peut pas le recevoir. Utilisez-en un autre, ou contactez le support.',
      blocked:
        'Le message a été bloqué en chemin. Utilisez un autre numéro, ou contactez le support.',
      not_delivered: 'Le message n’est pas arrivé. Vérifiez le numéro, ou redemandez le code.',
    },
    refusals: {
      destination_missing:
        'Il n’y a pas de numéro de téléphone auquel envoyer un code. Ajoutez-en un d’abord.',
      destination_invalid:
        'Ce numéro de téléphone ne peut pas recevoir de code. Vérifiez-le, indicatif du pays compris.',
      destination_blocked:
        'Aucun code ne peut être envoyé à ce numéro de téléphone. Utilisez-en un autre.',
      unknown_number: 'Le code est correct, mais aucun utilisateur n’a ce numéro de téléphone.',
      cooldown: 'Un code vient d’être envoyé. Patientez avant d’en demander un autre.',
      send_limit: 'Trop de codes ont été envoyés. Utilisez le dernier, ou réessayez plus tard.',
      delivery_failed:
        'Le code n’a peut-être pas été envoyé. S’il arrive, saisissez-le ; sinon, redemandez-le.',
      service_misconfigured:
        'L’envoi de codes est impossible pour le moment. Contactez le support.',
      delivery_unavailable:
        'L’envoi de codes est impossible pour le moment. Réessayez dans un instant.',
    },
  },
}

/** The text messages in French, the best wording first. */
export const frMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${code} est votre code${afterPreposition('', appName)}. Il est valable ${minutes} min. Ne le partagez pas.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Votre numéro a été remplacé par un autre finissant par ${lastDigits}. Si ce n'est pas vous, contactez vite le support.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Votre numéro est devenu ..${lastDigits}. Pas vous ? Contactez le support.`,
  ],
}
