/** Spanish. */

import type { PageTexts } from './page-texts.js'

/** The texts of the pages in Spanish. */
export const es: PageTexts = {
  headings: {
    challenge: 'Confirme su identidad',
    confirmNumber: 'Confirme su número',
    passed: 'Confirmado',
    phone: 'Su número de teléfono',
    message: 'Verificación en dos pasos',
  },
  sent: {
    sms: 'Se envió un código de {digits} dígitos por SMS al {number}.',
    call: 'Recibirá una llamada en el {number} con un código de {digits} dígitos.',
    whatsapp: 'Se envió un código de {digits} dígitos por WhatsApp al {number}.',
  },
  validFor: 'El código caduca en {duration}.',
  triesLeft: { one: 'Le queda {count} intento.', other: 'Le quedan {count} intentos.' },
  noTriesLeft: 'No le quedan intentos: solicite un código nuevo.',
  sentAgain: 'Se volvió a enviar el mismo código.',
  code: 'Código',
  codeFormat: '{digits} dígitos',
  confirm: 'Confirmar',
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
  otherNumber: 'Usar otro número',
  otherAccount: 'Usar otra cuenta',
  logIn: 'Iniciar sesión',
  toChallenge: 'Ir a la página del código',
  passed: 'Ha confirmado su identidad.',
  goOn: 'Continuar',
  confirmAgain: 'Confirmar con un código nuevo',
  changeNumber: 'Cambiar el número de teléfono',
  phone: 'Número de teléfono, con el prefijo del país',
  phoneUse: 'Cuando inicie sesión, se enviará un código a este número.',
  phoneExample: 'Por ejemplo, {example}',
  phoneNow:
    'Su número es el {number}. Si lo cambia, todas sus demás sesiones tendrán que confirmarse de nuevo con un código.',
  phoneTold: 'El número anterior recibirá un aviso del cambio.',
  phoneSend: 'Enviar un código a este número',
  smsIsWeak:
    'Los SMS son más seguros que una contraseña sola, pero alguien puede interceptarlos o apoderarse de un número. Si se le ofrece una aplicación o una llave de seguridad, es más segura.',
  neverShare: 'Nadie más necesita este código. No se lo dé a nadie, ni siquiera a soporte.',
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
    destination_missing:
      'No hay ningún número de teléfono al que enviar un código. Primero añada uno.',
    destination_invalid: 'Ese número de teléfono no puede recibir códigos. Compruébelo.',
    destination_blocked: 'No se pueden enviar códigos a ese número de teléfono. Use otro.',
    unknown_number: 'El código es correcto, pero ningún usuario tiene ese número de teléfono.',
    attempts_exhausted: 'Demasiados códigos incorrectos. Solicite un código nuevo.',
    cooldown: 'Se acaba de enviar un código. Espere antes de solicitar otro.',
    send_limit: 'Se han enviado demasiados códigos. Use el último o inténtelo más tarde.',
    locked_out: 'Demasiados códigos incorrectos. La verificación en dos pasos está bloqueada.',
    delivery_failed:
      'Es posible que el código no se haya enviado. Si llega, escríbalo; si no, vuelva a solicitarlo.',
    service_misconfigured:
      'En este momento no se pueden enviar códigos. Póngase en contacto con soporte.',
    delivery_unavailable:
      'En este momento no se pueden enviar códigos. Inténtelo de nuevo en unos instantes.',
    store_unavailable:
      'El servicio no está disponible en este momento. Inténtelo de nuevo en unos instantes.',
  },
  tryAgainIn: 'Inténtelo de nuevo en {duration}.',
  lockedUntil: 'El bloqueo termina el {time}.',
  contactSupport: 'Póngase en contacto con soporte.',
  notDelivered: {
    unreachable:
      'El mensaje no ha llegado al teléfono. Enciéndalo donde tenga cobertura y vuelva a solicitar el código.',
    number_invalid:
      'El mensaje no llegó: este número no puede recibirlo. Use otro o póngase en contacto con soporte.',
    blocked:
      'El mensaje se bloqueó en el camino. Use otro número o póngase en contacto con soporte.',
    not_delivered: 'El mensaje no llegó. Compruebe el número o vuelva a solicitar el código.',
  },
}
