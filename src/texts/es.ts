/** Spanish. */

import { afterPreposition, titled, type PhoneMessages } from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Spanish. */
export const es: Texts = {
  headings: { passed: 'Confirmado', message: 'Verificación en dos pasos' },
  triesLeft: { one: 'Le queda {count} intento.', other: 'Le quedan {count} intentos.' },
  noTriesLeft: 'No le quedan intentos: solicite un código nuevo.',
  code: 'Código',
  confirm: 'Confirmar',
  otherAccount: 'Usar otra cuenta',
  logIn: 'Iniciar sesión',
  toChallenge: 'Ir a la página del código',
  passed: 'Ha confirmado su identidad.',
  goOn: 'Continuar',
  refusals: {
    malformed_request: 'Escriba los dígitos del código o el número de teléfono completo.',
    method_not_allowed: 'Esta dirección no admite ese método.',
    body_too_large: 'La solicitud es demasiado grande.',
    unsupported_media_type: 'Envíe JSON o un formulario.',
    login_required: 'Primero inicie sesión con su contraseña.',
    second_factor_required: 'Primero confirme su identidad con un código.',
    second_factor_stale: 'Confirme de nuevo su identidad: aquí se necesita un código nuevo.',
    cross_site_request:
      'La solicitud procedía de otro sitio. Abra la página aquí e inténtelo de nuevo.',
    code_incorrect: 'Ese código no es correcto.',
    code_expired: 'Ese código ha caducado. Solicite uno nuevo.',
    no_challenge: 'Aquí no hay ningún código pendiente. Solicite uno.',
    attempts_exhausted: 'Demasiados códigos incorrectos. Solicite un código nuevo.',
    locked_out: 'Demasiados códigos incorrectos. La verificación en dos pasos está bloqueada.',
    store_unavailable:
      'El servicio no está disponible en este momento. Inténtelo de nuevo en unos instantes.',
  },
  tryAgainIn: 'Inténtelo de nuevo en {duration}.',
  lockedUntil: 'El bloqueo termina el {time}.',
  contactSupport: 'Póngase en contacto con soporte.',
  phone: {
    headings: {
      challenge: 'Confirme su identidad',
      verify: 'Confirme su número',
      phone: 'Su número de teléfono',
    },
    sent: {
      sms: 'Se envió un código de {digits} dígitos por SMS al {number}.',
      call: 'Recibirá una llamada en el {number} con un código de {digits} dígitos.',
      whatsapp: 'Se envió un código de {digits} dígitos por WhatsApp al {number}.',
    },
    validFor: 'El código caduca en {duration}.',
    sentAgain: 'Se volvió a enviar el mismo código.',
    codeFormat: '{digits} dígitos',
    nothingCame: '¿No ha recibido el código?',
    nothingCameAdvice:
      'Un mensaje puede tardar uno o dos minutos. Compruebe que el teléfono tiene cobertura y que el número es correcto.',
    send: 'Enviarme un código',
    sendAgain: 'Volver a enviar el código',
    sendBy: {
      sms: 'Enviarlo por SMS',
      call: 'Recibir una llamada',
      whatsapp: 'Enviarlo por WhatsApp',
    },
    sendIn: 'Disponible en {duration}.',
    sendNow: 'Ya puede solicitarlo.',
    otherPhone: 'Usar otro número',
    confirmAgain: 'Confirmar con un código nuevo',
    changePhone: 'Cambiar el número de teléfono',
    label: 'Número de teléfono, con el prefijo del país',
    use: 'Cuando inicie sesión, se enviará un código a este número.',
    example: 'Por ejemplo, {example}',
    countryCode:
      'Falta el prefijo del país o no está claro: empiece por + y el prefijo, como en {example}.',
    present:
      'Su número es el {number}. Si lo cambia, todas sus demás sesiones tendrán que confirmarse de nuevo con un código.',
    replacedNotice: 'El número anterior recibirá un aviso del cambio.',
    sendToPhone: 'Enviar un código a este número',
    smsIsWeak:
      'Los SMS son más seguros que una contraseña sola, pero alguien puede interceptarlos o apoderarse de un número. Si se le ofrece una aplicación o una llave de seguridad, es más segura.',
    neverShare: 'Nadie más necesita este código. No se lo dé a nadie, ni siquiera a soporte.',
    notDelivered: {
      unreachable:
        'El mensaje no ha llegado al teléfono. Enciéndalo donde tenga cobertura y vuelva a solicitar el código.',
      number_invalid:
        'El mensaje no llegó: este número no puede recibirlo. Use otro o póngase en contacto con soporte.',
      blocked:
        'El mensaje se bloqueó en el camino. Use otro número o póngase en contacto con soporte.',
      not_delivered: 'El mensaje no llegó. Compruebe el número o vuelva a solicitar el código.',
    },
    refusals: {
      destination_missing:
        'No hay ningún número de teléfono al que enviar un código. Primero añada uno.',
      destination_invalid:
        'Ese número de teléfono no puede recibir códigos. Compruébelo, también el prefijo del país.',
      destination_blocked: 'No se pueden enviar códigos a ese número de teléfono. Use otro.',
      unknown_number: 'El código es correcto, pero ningún usuario tiene ese número de teléfono.',
      cooldown: 'Se acaba de enviar un código. Espere antes de solicitar otro.',
      send_limit: 'Se han enviado demasiados códigos. Use el último o inténtelo más tarde.',
      delivery_failed:
        'Es posible que el código no se haya enviado. Si llega, escríbalo; si no, vuelva a solicitarlo.',
      service_misconfigured:
        'En este momento no se pueden enviar códigos. Póngase en contacto con soporte.',
      delivery_unavailable:
        'En este momento no se pueden enviar códigos. Inténtelo de nuevo en unos instantes.',
    },
  },
}

/** The text messages in Spanish, the best wording first. */
export const esMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${code} es su clave${afterPreposition('de', appName)}. Caduca en ${minutes} min. No la comparta.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}Su numero fue cambiado por otro que termina en ${lastDigits}. Si no fue usted, contacte ya con soporte.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Su numero es ahora ..${lastDigits}. ¿No fue usted? Contacte con soporte.`,
  ],
}
