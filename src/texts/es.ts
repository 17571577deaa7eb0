/** Spanish. */

import { titled, type PhoneMessages } from './phone-messages.js'
import { esHeld } from './held/es.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Spanish. */
export const es: Texts = {
  headings: { passed: 'Identidad confirmada', message: 'Algo ha fallado' },
  errorTitle: 'Error: {heading}',
  account: 'Cuenta: {account}',
  help: '¿Necesita ayuda?',
  support: 'Contactar con atención al cliente',
  contactSupport: 'Contacte con atención al cliente.',
  working: 'Un momento…',
  triesLeft: { one: 'Le queda {count} intento.', other: 'Le quedan {count} intentos.' },
  noTriesLeft: 'Ese código no es correcto. No le quedan intentos. Solicite un código nuevo.',
  code: 'Código',
  confirm: 'Confirmar',
  otherAccount: 'Iniciar sesión con otra cuenta',
  logIn: 'Iniciar sesión',
  toChallenge: 'Volver al código',
  tryAgain: 'Volver a intentarlo',
  passed: 'Ha confirmado su identidad.',
  goOn: 'Continuar',
  refusals: {
    malformed_request:
      'Falta algún dato o no tiene el formato correcto. Revíselo e inténtelo de nuevo.',
    method_not_allowed: 'Esta dirección no admite ese tipo de solicitud.',
    body_too_large: 'Son demasiados datos. Introduzca menos e inténtelo de nuevo.',
    unsupported_media_type: 'Envíe JSON o un formulario.',
    login_required: 'Primero inicie sesión con su contraseña.',
    second_factor_required: 'Primero confirme su identidad con un código.',
    second_factor_stale:
      'Por su seguridad, esta operación requiere un código nuevo. Introdúzcalo para continuar.',
    cross_site_request:
      'Hemos bloqueado la solicitud porque procedía de otro sitio web. Vuelva a empezar desde aquí.',
    second_factor_insufficient:
      'Esta operación requiere otra forma de confirmar su identidad. Elija una de las siguientes.',
    code_incorrect: 'Ese código no es correcto. Revíselo e inténtelo de nuevo.',
    code_expired: 'Ese código ha caducado. Solicite uno nuevo.',
    code_used: 'Ese código ya se ha usado. Introduzca uno nuevo.',
    factor_not_enrolled: 'Ese método no está configurado en su cuenta. Elija otro.',
    setup_expired: 'La configuración ha caducado o algo ha cambiado entretanto. Empiece de nuevo.',
    factor_limit: 'No puede añadir otro de este tipo. Elimine uno primero.',
    last_factor:
      'Necesita al menos una forma de confirmar su identidad. Añada otra antes de eliminar esta.',
    factors_lost:
      'Ahora no podemos leer el segundo paso de su cuenta y no podemos dejarle entrar. Póngase en contacto con atención al cliente.',
    no_challenge: 'No hay ningún código válido en este navegador. Solicite uno nuevo.',
    attempts_exhausted: 'Demasiados códigos incorrectos. Solicite uno nuevo.',
    locked_out:
      'Demasiados códigos incorrectos. Por su seguridad, esta cuenta ya no admite códigos. Contacte con atención al cliente para desbloquearla. Si no ha sido usted, cambie su contraseña.',
    store_unavailable:
      'El servicio no está disponible en este momento. Inténtelo de nuevo en unos instantes.',
  },
  waits: {
    attempts_exhausted: 'Demasiados códigos incorrectos. Podrá solicitar uno nuevo en {duration}.',
    locked_out:
      'Demasiados códigos incorrectos. Por su seguridad, no puede introducir ningún código hasta el {time} (en {duration}). Si no ha sido usted, cambie su contraseña.',
    store_unavailable:
      'El servicio no está disponible en este momento. Inténtelo de nuevo en {duration}.',
  },
  lockedNow:
    'Han sido demasiados códigos incorrectos. Por su seguridad, no puede introducir otro hasta el {time}. Si no ha sido usted, cambie su contraseña.',
  tryAgainIn: 'Inténtelo de nuevo en {duration}.',
  factors: {
    heading: 'Seguridad del inicio de sesión',
    choose: 'Configure un segundo paso',
    intro: 'Estas son sus formas de confirmar su identidad al iniciar sesión.',
    chooseIntro: 'Elija cómo confirmará su identidad al iniciar sesión, además de su contraseña.',
    dueBy: 'Debe configurar una antes del {time}.',
    otherWays: 'Otras formas de confirmar su identidad',
    added: 'Añadido: {time}',
    used: 'Último uso: {time}',
    notUsed: 'Aún sin usar',
    unusable: 'Ahora no se puede usar. Póngase en contacto con atención al cliente.',
    itemName: 'Nombre',
    rename: 'Cambiar nombre',
    remove: 'Eliminar',
    cancel: 'Cancelar',
    back: 'Volver',
    manage: 'Gestionar la seguridad del inicio de sesión',
    notNow: 'Ahora no',
  },
  ...esHeld,
  devices: {
    trust: {
      one: 'No volver a preguntarme en este dispositivo durante {count} día',
      other: 'No volver a preguntarme en este dispositivo durante {count} días',
    },
    trustHint: 'Márquela solo en un dispositivo que no use nadie más.',
    heading: 'Dispositivos de confianza',
    intro: 'En estos dispositivos inicia sesión solo con su contraseña.',
    current: 'Este dispositivo',
    unnamed: 'Dispositivo desconocido',
    until: 'De confianza hasta el {time}',
    remove: 'Volver a preguntarme aquí',
    removeAll: 'Volver a preguntarme en todos los dispositivos',
  },
  phone: {
    manage: {
      name: 'Códigos por SMS',
      use: 'Recibir un código por SMS',
      add: 'Añadir un teléfono',
      change: 'Cambiar el teléfono',
      messagesOff: 'No enviarme más códigos',
      messagesOn: 'Volver a enviarme códigos',
      areOff: 'No se envían códigos a este teléfono.',
    },
    headings: {
      challenge: 'Confirme su identidad',
      verify: 'Confirme su número',
      phone: 'Su número de teléfono',
    },
    sent: {
      sms: 'Hemos enviado un código de {digits} dígitos por SMS al número que termina en {number}.',
      call: 'Estamos llamando al número que termina en {number} para dictarle un código de {digits} dígitos.',
      whatsapp:
        'Hemos enviado un código de {digits} dígitos por WhatsApp al número que termina en {number}.',
    },
    enterCode: 'Introduzca el código de {digits} dígitos.',
    enterPhone: 'Introduzca el número de teléfono completo, con el prefijo del país.',
    validFor: 'El código caduca en {duration}.',
    sentAgain: 'Le hemos vuelto a enviar el mismo código.',
    codeFormat: '{digits} dígitos',
    elsewhere:
      'Su último código se pidió en otro navegador y solo funciona allí. Para continuar aquí, pida uno nuevo. Si no fue usted, cambie su contraseña.',
    changed: 'Su número termina ahora en {number}. A partir de ahora recibirá allí sus códigos.',
    limitReached: 'Ha alcanzado el límite de códigos de hoy.',
    nothingCame: '¿No ha recibido el código?',
    nothingCameAdvice:
      'Un SMS puede tardar uno o dos minutos. Compruebe que su teléfono tiene cobertura.',
    checkPhone: 'Compruebe también que el número es correcto.',
    lostPhone: 'Si ya no tiene este teléfono, contacte con atención al cliente.',
    lostPhoneOther:
      'Si ya no tiene este teléfono, confirme su identidad de otra forma o contacte con atención al cliente.',
    send: 'Enviarme un código',
    sendAgain: 'Volver a enviar el código',
    sendBy: {
      sms: 'Recibir un SMS',
      call: 'Recibir una llamada',
      whatsapp: 'Recibirlo por WhatsApp',
    },
    sendIn: 'Podrá pedir otro en {duration}.',
    sendNow: 'Ya puede pedirlo.',
    otherPhone: 'Usar otro número',
    confirmAgain: 'Confirmar con un código nuevo',
    changePhone: 'Cambiar el número de teléfono',
    label: 'Número de teléfono, con el prefijo del país',
    use: 'Enviaremos un código a este número cada vez que inicie sesión.',
    example: 'Por ejemplo, {example}',
    countryCode:
      'Falta el prefijo del país o no está claro. Empiece por + y el prefijo, como en {example}.',
    present:
      'Su número termina en {number}. Si lo cambia, tendrá que introducir un código nuevo en todos sus demás dispositivos.',
    replacedNotice: 'Avisaremos por SMS al número anterior de que ha sido sustituido.',
    sendToPhone: 'Enviar un código a este número',
    smsIsWeak:
      'Los SMS son más seguros que una contraseña sola, pero alguien puede interceptarlos o apoderarse de un número. Si se le ofrece una aplicación de autenticación o una llave de seguridad, úsela en su lugar.',
    neverShare: 'No comparta este código con nadie. Atención al cliente nunca se lo pedirá.',
    notDelivered: {
      unreachable:
        'El mensaje no ha llegado a su teléfono. Compruebe que está encendido y tiene cobertura, y vuelva a pedir el código.',
      number_invalid: 'El mensaje no ha llegado porque este número no puede recibirlo.',
      blocked: 'Su operador ha bloqueado el mensaje.',
      not_delivered: 'El mensaje no ha llegado. Vuelva a pedir el código.',
    },
    unusable: 'No podemos enviar códigos al número de teléfono de su cuenta.',
    useOtherPhone: 'Use otro número.',
    optIn:
      'Si alguna vez ha respondido STOP a nuestros mensajes, envíe START al mismo número y vuelva a pedir el código.',
    refusals: {
      destination_missing: 'Su cuenta no tiene ningún número de teléfono al que enviar un código.',
      destination_invalid:
        'No podemos enviar SMS a ese número. Revíselo e incluya el prefijo del país.',
      destination_blocked: 'No podemos enviar códigos a ese número. Use otro.',
      unknown_number: 'El código es correcto, pero ninguna cuenta tiene ese número de teléfono.',
      cooldown: 'Acabamos de enviar un código. Espere un momento antes de pedir otro.',
      send_limit:
        'Ha alcanzado el límite de códigos de hoy. Use el último que ha recibido o inténtelo más tarde.',
      delivery_failed:
        'No sabemos si su código se ha enviado. Si llega, introdúzcalo. Si no, vuelva a pedirlo.',
      service_misconfigured:
        'En este momento no podemos enviar códigos. Contacte con atención al cliente.',
      delivery_unavailable:
        'En este momento no podemos enviar códigos. Inténtelo de nuevo en unos instantes.',
    },
    waits: {
      cooldown: 'Acabamos de enviar un código. Podrá pedir otro en {duration}.',
      send_limit:
        'Ha alcanzado el límite de códigos de hoy. Use el último que ha recibido o inténtelo de nuevo en {duration}.',
      delivery_failed:
        'No sabemos si su código se ha enviado. Si llega, introdúzcalo. Si no, podrá volver a pedirlo en {duration}.',
      delivery_unavailable:
        'En este momento no podemos enviar códigos. Inténtelo de nuevo en {duration}.',
    },
  },
}

/** The text messages in Spanish, the best wording first. */
export const esMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${titled(appName)}${code} es su codigo. Caduca en ${minutes} min. No lo comparta.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Su numero fue cambiado por otro que termina en ${lastDigits}. Si no fue usted, contacte ya con atencion al cliente.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Su numero es ahora ..${lastDigits}. ¿No fue usted? Contactenos.`,
  ],
  changed: {
    added: [
      (appName) =>
        `${titled(appName)}Se ha añadido una nueva verificacion a su cuenta. Si no ha sido usted, cambie su contraseña ahora.`,
    ],
    removed: [
      (appName) =>
        `${titled(appName)}Se ha quitado una verificacion de su cuenta. Si no ha sido usted, cambie su contraseña ahora.`,
    ],
    recovery_code_used: [
      (appName) =>
        `${titled(appName)}Se ha usado un codigo de recuperacion en su cuenta. Si no ha sido usted, cambie su contraseña ahora.`,
    ],
    reset: [
      (appName) =>
        `${titled(appName)}Atencion al cliente ha restablecido la verificacion de su cuenta. Si no lo ha pedido, avise ahora.`,
    ],
  },
}
