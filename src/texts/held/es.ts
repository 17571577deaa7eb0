/** Spanish, for factors that users enrol. */

import type { HeldTexts } from './held-texts.js'

/** The texts about authenticator apps, passkeys and recovery codes in Spanish. */
export const esHeld: HeldTexts = {
  totp: {
    name: 'Aplicación de autenticación',
    use: 'Usar la aplicación de autenticación',
    add: 'Configurar una aplicación de autenticación',
    more: 'Usar otra aplicación',
    headings: {
      challenge: 'Introduzca el código de su aplicación',
      setUp: 'Configure una aplicación de autenticación',
    },
    enterCode:
      'Abra su aplicación de autenticación e introduzca el código de {digits} dígitos de esta cuenta.',
    codeFormat: '{digits} dígitos',
    waitForNext: 'Su aplicación muestra un código nuevo cada 30 segundos. Espere al siguiente.',
    checkClock:
      'Si sus códigos se rechazan una y otra vez, compruebe que su teléfono ajusta la hora automáticamente.',
    scan: 'Escanee este código QR con una aplicación de autenticación en su teléfono. Si aún no tiene ninguna, descárguela de su tienda de aplicaciones.',
    qrLabel: 'Código QR para su aplicación de autenticación',
    openApp: 'Configurar en este dispositivo',
    cannotScan: '¿No puede escanear el código?',
    typeKey:
      'Añada una cuenta en su aplicación, elija introducir una clave de configuración y escriba esta:',
    listedAs: 'En su aplicación aparecerá como {account}.',
    firstCode: 'Después, introduzca el código de {digits} dígitos que muestra su aplicación.',
  },
  passkey: {
    name: 'Clave de acceso',
    use: 'Usar una clave de acceso',
    add: 'Añadir una clave de acceso',
    headings: { challenge: 'Use su clave de acceso', setUp: 'Añada una clave de acceso' },
    explain:
      'Su navegador le pedirá la clave de acceso. Confirme con su huella, su rostro, el bloqueo de pantalla o su llave de seguridad.',
    continue: 'Usar su clave de acceso',
    purpose:
      'Una clave de acceso está en su dispositivo, en su gestor de contraseñas o en una llave de seguridad. Solo funciona en este sitio, así que nadie puede engañarle para conseguirla.',
    create: 'Crear una clave de acceso',
    unsupported:
      'Para usar una clave de acceso aquí, necesita JavaScript y un navegador que admita claves de acceso.',
    cancelled: 'La solicitud se cerró o caducó. Inténtelo de nuevo.',
    already: 'Este dispositivo ya tiene una clave de acceso para su cuenta.',
    failed:
      'Su navegador no pudo usar una clave de acceso aquí. Inténtelo de nuevo o use otro dispositivo.',
    refusals: {
      passkey_rejected:
        'Esa clave de acceso no ha funcionado. Inténtelo de nuevo o confirme de otra forma que es usted.',
    },
  },
  recoveryCodes: {
    name: 'Códigos de recuperación',
    use: 'Usar un código de recuperación',
    add: 'Obtener códigos de recuperación',
    renew: 'Obtener códigos de recuperación nuevos',
    headings: {
      challenge: 'Introduzca un código de recuperación',
      setUp: 'Guarde sus códigos de recuperación',
    },
    enterCode:
      'Introduzca uno de los códigos de recuperación que guardó. Cada código sirve una sola vez.',
    codeFormat: 'Un código de recuperación tiene 24 letras y dígitos. Introdúzcalos todos.',
    label: 'Código de recuperación',
    purpose:
      'Si pierde el teléfono, podrá entrar con uno de estos códigos. Cada código sirve una sola vez. Guárdelos en un lugar seguro, como un gestor de contraseñas. No volveremos a mostrarlos.',
    replaces: 'En cuanto confirme, sus códigos de recuperación anteriores dejarán de funcionar.',
    copy: 'Copiar',
    copied: 'Copiado',
    print: 'Imprimir',
    download: 'Descargar',
    saved: 'He guardado estos códigos',
    keepSafe: 'Cada código sirve una sola vez. Guárdelos en un lugar seguro.',
    left: 'Códigos restantes: {left} de {total}',
    runningOut:
      'Le quedan pocos códigos de recuperación. Obtenga otros nuevos mientras aún pueda iniciar sesión.',
  },
}
