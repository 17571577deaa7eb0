/** Portuguese, for factors that users enrol. */

import type { HeldTexts } from './held-texts.js'

/** The texts about authenticator apps, passkeys and recovery codes in Portuguese. */
export const ptHeld: HeldTexts = {
  totp: {
    name: 'Aplicativo autenticador',
    use: 'Usar o aplicativo autenticador',
    add: 'Configurar um aplicativo autenticador',
    more: 'Usar outro aplicativo',
    headings: {
      challenge: 'Digite o código do aplicativo',
      setUp: 'Configure um aplicativo autenticador',
    },
    enterCode: 'Abra o aplicativo autenticador e digite o código de {digits} dígitos desta conta.',
    codeFormat: '{digits} dígitos',
    waitForNext: 'O aplicativo mostra um novo código a cada 30 segundos. Espere o próximo.',
    checkClock:
      'Se os códigos forem sempre recusados, verifique se o telefone ajusta a hora automaticamente.',
    scan: 'Leia este código QR com um aplicativo autenticador no telefone. Se ainda não tiver um, instale-o pela loja de aplicativos.',
    qrLabel: 'Código QR para o aplicativo autenticador',
    openApp: 'Configurar neste dispositivo',
    cannotScan: 'Não consegue ler o código?',
    typeKey:
      'Adicione uma conta no aplicativo, escolha inserir uma chave de configuração e digite esta:',
    listedAs: 'No aplicativo, ela aparecerá como {account}.',
    firstCode: 'Depois, digite o código de {digits} dígitos que o aplicativo mostra.',
  },
  passkey: {
    name: 'Chave de acesso',
    use: 'Usar uma chave de acesso',
    add: 'Adicionar uma chave de acesso',
    headings: { challenge: 'Use a sua chave de acesso', setUp: 'Adicione uma chave de acesso' },
    explain:
      'O navegador vai pedir a sua chave de acesso. Confirme com a impressão digital, o rosto, o bloqueio de tela ou a chave de segurança.',
    continue: 'Usar a sua chave de acesso',
    purpose:
      'Uma chave de acesso fica no seu dispositivo, no gerenciador de senhas ou em uma chave de segurança. Ela só funciona neste site, então ninguém consegue enganar você para obtê-la.',
    create: 'Criar uma chave de acesso',
    unsupported:
      'Para usar uma chave de acesso aqui, é preciso ter JavaScript e um navegador compatível com chaves de acesso.',
    cancelled: 'O pedido foi fechado ou expirou. Tente de novo.',
    already: 'Este dispositivo já tem uma chave de acesso para a sua conta.',
    failed:
      'O navegador não conseguiu usar uma chave de acesso aqui. Tente de novo ou use outro dispositivo.',
    refusals: {
      passkey_rejected:
        'Essa chave de acesso não funcionou. Tente de novo ou confirme de outra forma que é você.',
    },
  },
  recoveryCodes: {
    name: 'Códigos de recuperação',
    use: 'Usar um código de recuperação',
    add: 'Obter códigos de recuperação',
    renew: 'Obter novos códigos de recuperação',
    headings: {
      challenge: 'Digite um código de recuperação',
      setUp: 'Guarde os seus códigos de recuperação',
    },
    enterCode:
      'Digite um dos códigos de recuperação que você guardou. Cada código só funciona uma vez.',
    codeFormat: 'Um código de recuperação tem 24 letras e dígitos. Digite todos.',
    label: 'Código de recuperação',
    purpose:
      'Se você perder o telefone, poderá entrar com um destes códigos. Cada código só funciona uma vez. Guarde-os em um lugar seguro, como um gerenciador de senhas. Eles não serão mostrados de novo.',
    replaces: 'Assim que você confirmar, os códigos de recuperação antigos deixarão de funcionar.',
    copy: 'Copiar',
    copied: 'Copiado',
    print: 'Imprimir',
    download: 'Baixar',
    saved: 'Guardei estes códigos',
    keepSafe: 'Cada código só funciona uma vez. Guarde-os em um lugar seguro.',
    left: 'Códigos restantes: {left} de {total}',
    runningOut:
      'Seus códigos de recuperação estão acabando. Obtenha novos enquanto ainda consegue entrar.',
  },
}
