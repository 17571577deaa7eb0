/** French. */

import type { PageTexts } from './page-texts.js'

/** The texts of the pages in French. The spaces before “:”, “;” and “?” do not break. */
export const fr: PageTexts = {
  headings: {
    challenge: 'Confirmez votre identité',
    confirmNumber: 'Confirmez votre numéro',
    passed: 'C’est confirmé',
    phone: 'Votre numéro de téléphone',
    message: 'Double authentification',
  },
  sent: {
    sms: 'Un code à {digits} chiffres a été envoyé par SMS au {number}.',
    call: 'Vous allez recevoir un appel au {number} avec un code à {digits} chiffres.',
    whatsapp: 'Un code à {digits} chiffres a été envoyé par WhatsApp au {number}.',
  },
  validFor: 'Le code expire dans {duration}.',
  triesLeft: { one: 'Il vous reste {count} essai.', other: 'Il vous reste {count} essais.' },
  noTriesLeft: 'Il ne vous reste aucun essai : demandez un nouveau code.',
  sentAgain: 'Le même code a été renvoyé.',
  code: 'Code',
  codeFormat: '{digits} chiffres',
  confirm: 'Confirmer',
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
  otherNumber: 'Utiliser un autre numéro',
  otherAccount: 'Utiliser un autre compte',
  logIn: 'Se connecter',
  toChallenge: 'Aller à la page du code',
  passed: 'Vous avez confirmé votre identité.',
  goOn: 'Continuer',
  confirmAgain: 'Confirmer avec un nouveau code',
  changeNumber: 'Changer de numéro de téléphone',
  phone: 'Numéro de téléphone, avec l’indicatif du pays',
  phoneUse: 'À chaque connexion, un code est envoyé à ce numéro.',
  phoneExample: 'Par exemple {example}',
  phoneNow:
    'Votre numéro est le {number}. Si vous en changez, toutes vos autres sessions devront être confirmées de nouveau par un code.',
  phoneTold: 'L’ancien numéro recevra un message l’avertissant qu’il a été remplacé.',
  phoneSend: 'Envoyer un code à ce numéro',
  smsIsWeak:
    'Les SMS protègent mieux qu’un mot de passe seul, mais ils peuvent être interceptés, et un numéro peut être détourné. Si une application ou une clé de sécurité vous est proposée, elle est plus sûre.',
  neverShare:
    'Personne d’autre n’a besoin de ce code. Ne le donnez à personne, pas même au support.',
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
    destination_missing:
      'Il n’y a pas de numéro de téléphone auquel envoyer un code. Ajoutez-en un d’abord.',
    destination_invalid: 'Ce numéro de téléphone ne peut pas recevoir de code. Vérifiez-le.',
    destination_blocked:
      'Aucun code ne peut être envoyé à ce numéro de téléphone. Utilisez-en un autre.',
    unknown_number: 'Le code est correct, mais aucun utilisateur n’a ce numéro de téléphone.',
    attempts_exhausted: 'Trop de codes incorrects. Demandez un nouveau code.',
    cooldown: 'Un code vient d’être envoyé. Patientez avant d’en demander un autre.',
    send_limit: 'Trop de codes ont été envoyés. Utilisez le dernier, ou réessayez plus tard.',
    locked_out: 'Trop de codes incorrects. La double authentification est bloquée.',
    delivery_failed:
      'Le code n’a peut-être pas été envoyé. S’il arrive, saisissez-le ; sinon, redemandez-le.',
    service_misconfigured: 'L’envoi de codes est impossible pour le moment. Contactez le support.',
    delivery_unavailable:
      'L’envoi de codes est impossible pour le moment. Réessayez dans un instant.',
    store_unavailable: 'Le service est indisponible pour le moment. Réessayez dans un instant.',
  },
  tryAgainIn: 'Réessayez dans {duration}.',
  lockedUntil: 'Le blocage prend fin le {time}.',
  contactSupport: 'Contactez le support.',
  notDelivered: {
    unreachable:
      'Le message n’est pas parvenu au téléphone. Allumez-le là où il a du réseau, puis redemandez le code.',
    number_invalid:
      'Le message n’est pas arrivé : ce numéro ne peut pas le recevoir. Utilisez-en un autre, ou contactez le support.',
    blocked:
      'Le message a été bloqué en chemin. Utilisez un autre numéro, ou contactez le support.',
    not_delivered: 'Le message n’est pas arrivé. Vérifiez le numéro, ou redemandez le code.',
  },
}
