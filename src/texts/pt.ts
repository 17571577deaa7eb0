/** Portuguese. */

import { titled, type PhoneMessages } from './phone-messages.js'
import { ptHeld } from './held/pt.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Portuguese. */
export const pt: Texts = {
  headings: { passed: 'Identidade confirmada', message: 'Algo deu errado' },
  errorTitle: 'Erro: {heading}',
  account: 'Conta: {account}',
  help: 'Precisa de ajuda?',
  support: 'Falar com o suporte',
  contactSupport: 'Fale com o suporte.',
  working: 'Um momento…',
  triesLeft: {
    one: 'Você tem mais {count} tentativa.',
    other: 'Você tem mais {count} tentativas.',
  },
  noTriesLeft: 'Esse código não está certo. Você não tem mais tentativas. Peça um novo código.',
  code: 'Código',
  confirm: 'Confirmar',
  otherAccount: 'Entrar em outra conta',
  logIn: 'Entrar',
  toChallenge: 'Voltar ao código',
  tryAgain: 'Tentar novamente',
  passed: 'Você confirmou a sua identidade.',
  goOn: 'Continuar',
  refusals: {
    malformed_request: 'Falta um dado ou ele não está no formato certo. Confira e tente novamente.',
    method_not_allowed: 'Este endereço não aceita esse tipo de solicitação.',
    body_too_large: 'São dados demais. Digite menos e tente novamente.',
    unsupported_media_type: 'Envie JSON ou um formulário.',
    login_required: 'Primeiro, entre com a sua senha.',
    second_factor_required: 'Primeiro, confirme a sua identidade com um código.',
    second_factor_stale: 'Para sua segurança, digite um novo código antes de continuar.',
    cross_site_request:
      'Bloqueamos esta solicitação porque ela veio de outro site. Comece de novo por aqui.',
    second_factor_insufficient:
      'Isto exige outra forma de confirmar que é você. Escolha uma abaixo.',
    code_incorrect: 'Esse código não está certo. Confira e tente novamente.',
    code_expired: 'Esse código expirou. Peça um novo.',
    code_used: 'Esse código já foi usado. Digite um novo.',
    factor_not_enrolled: 'Esse método não está configurado na sua conta. Escolha outro.',
    setup_expired: 'A configuração expirou ou algo mudou nesse meio-tempo. Comece de novo.',
    factor_limit: 'Você não pode adicionar mais um destes. Remova um primeiro.',
    last_factor:
      'Você precisa de pelo menos uma forma de confirmar que é você. Adicione outra antes de remover esta.',
    factors_lost:
      'Não conseguimos ler a segunda etapa da sua conta agora e não podemos deixar você entrar. Fale com o suporte.',
    no_challenge: 'Não há nenhum código válido neste navegador. Peça um novo.',
    attempts_exhausted: 'Muitos códigos incorretos. Peça um novo.',
    locked_out:
      'Muitos códigos incorretos. Para sua segurança, esta conta não aceita mais códigos. Fale com o suporte para desbloqueá-la. Se não foi você, altere a sua senha.',
    store_unavailable: 'O serviço não está disponível no momento. Tente novamente em instantes.',
  },
  waits: {
    attempts_exhausted: 'Muitos códigos incorretos. Você poderá pedir um novo em {duration}.',
    locked_out:
      'Muitos códigos incorretos. Para sua segurança, você não pode digitar um código até {time} (em {duration}). Se não foi você, altere a sua senha.',
    store_unavailable: 'O serviço não está disponível no momento. Tente novamente em {duration}.',
  },
  lockedNow:
    'Foram códigos incorretos demais. Para sua segurança, você não pode digitar outro até {time}. Se não foi você, altere a sua senha.',
  tryAgainIn: 'Tente novamente em {duration}.',
  factors: {
    heading: 'Segurança do login',
    choose: 'Configure uma segunda etapa',
    intro: 'Estas são suas formas de confirmar que é você ao entrar.',
    chooseIntro: 'Escolha como confirmar que é você ao entrar, além da sua senha.',
    dueBy: 'Você precisa configurar uma até {time}.',
    otherWays: 'Outras formas de confirmar que é você',
    added: 'Adicionado: {time}',
    used: 'Último uso: {time}',
    notUsed: 'Ainda não usado',
    unusable: 'Não pode ser usado agora. Fale com o suporte.',
    itemName: 'Nome',
    rename: 'Renomear',
    remove: 'Remover',
    cancel: 'Cancelar',
    back: 'Voltar',
    manage: 'Gerenciar a segurança do login',
    notNow: 'Agora não',
  },
  ...ptHeld,
  devices: {
    trust: {
      one: 'Não perguntar de novo neste dispositivo por {count} dia',
      other: 'Não perguntar de novo neste dispositivo por {count} dias',
    },
    trustHint: 'Marque só em um dispositivo que ninguém mais usa.',
    heading: 'Dispositivos confiáveis',
    intro: 'Nestes dispositivos você entra só com a senha.',
    current: 'Este dispositivo',
    unnamed: 'Dispositivo desconhecido',
    until: 'Confiável até {time}',
    remove: 'Perguntar de novo aqui',
    removeAll: 'Perguntar de novo em todos os dispositivos',
  },
  phone: {
    manage: {
      name: 'Códigos por SMS',
      use: 'Receber um código por SMS',
      add: 'Adicionar um telefone',
      change: 'Trocar o telefone',
      messagesOff: 'Não me enviar mais códigos',
      messagesOn: 'Voltar a me enviar códigos',
      areOff: 'Nenhum código é enviado a este telefone.',
    },
    headings: {
      challenge: 'Confirme a sua identidade',
      verify: 'Confirme o seu número',
      phone: 'Seu número de telefone',
    },
    sent: {
      sms: 'Enviamos um código de {digits} dígitos por SMS para o número com final {number}.',
      call: 'Estamos ligando para o número com final {number} para ditar um código de {digits} dígitos.',
      whatsapp:
        'Enviamos um código de {digits} dígitos pelo WhatsApp para o número com final {number}.',
    },
    enterCode: 'Digite o código de {digits} dígitos.',
    enterPhone: 'Digite o número de telefone completo, com o código do país.',
    validFor: 'O código expira em {duration}.',
    sentAgain: 'Enviamos o mesmo código novamente.',
    codeFormat: '{digits} dígitos',
    elsewhere:
      'O seu último código foi pedido em outro navegador e só funciona lá. Para continuar aqui, peça um novo. Se não foi você, mude a sua senha.',
    changed: 'O seu número agora termina em {number}. Os seus códigos passam a ir para lá.',
    limitReached: 'Você atingiu o limite de códigos de hoje.',
    nothingCame: 'Não recebeu o código?',
    nothingCameAdvice:
      'Um SMS pode levar um ou dois minutos. Verifique se o seu telefone está com sinal.',
    checkPhone: 'Verifique também se o número está certo.',
    lostPhone: 'Se você não tem mais este telefone, fale com o suporte.',
    lostPhoneOther:
      'Se você não tem mais este telefone, confirme a sua identidade de outra forma ou fale com o suporte.',
    send: 'Receber um código',
    sendAgain: 'Reenviar o código',
    sendBy: {
      sms: 'Receber um SMS',
      call: 'Receber uma ligação',
      whatsapp: 'Receber pelo WhatsApp',
    },
    sendIn: 'Você poderá pedir outro código em {duration}.',
    sendNow: 'Você já pode pedir.',
    otherPhone: 'Usar outro número',
    confirmAgain: 'Confirmar com um código novo',
    changePhone: 'Alterar o número de telefone',
    label: 'Número de telefone, com o código do país',
    use: 'Enviaremos um código para este número sempre que você entrar.',
    example: 'Por exemplo, {example}',
    countryCode:
      'O código do país está faltando ou não está claro. Comece com + e o código do país, como em {example}.',
    present:
      'O seu número termina em {number}. Se você o alterar, terá de digitar um novo código em todos os seus outros dispositivos.',
    replacedNotice: 'Avisaremos o número antigo por SMS de que ele foi substituído.',
    sendToPhone: 'Enviar um código para este número',
    smsIsWeak:
      'Mensagens SMS são mais seguras do que apenas uma senha, mas podem ser interceptadas, e números podem ser roubados. Se for oferecido um aplicativo autenticador ou uma chave de segurança, prefira essa opção.',
    neverShare: 'Não compartilhe este código com ninguém. O nosso suporte nunca vai pedi-lo.',
    notDelivered: {
      unreachable:
        'A mensagem não chegou ao seu telefone. Verifique se ele está ligado e com sinal e peça o código novamente.',
      number_invalid: 'A mensagem não chegou, porque este número não pode recebê-la.',
      blocked: 'A sua operadora bloqueou a mensagem.',
      not_delivered: 'A mensagem não chegou. Peça o código novamente.',
    },
    unusable: 'Não conseguimos enviar códigos para o número de telefone da sua conta.',
    useOtherPhone: 'Use outro número.',
    optIn:
      'Se você já respondeu STOP às nossas mensagens, envie START ao mesmo número e peça o código novamente.',
    refusals: {
      destination_missing: 'A sua conta não tem um número de telefone para receber o código.',
      destination_invalid:
        'Não conseguimos enviar SMS para esse número. Confira e inclua o código do país.',
      destination_blocked: 'Não conseguimos enviar códigos para esse número. Use outro.',
      unknown_number: 'O código está certo, mas nenhuma conta tem esse número de telefone.',
      cooldown: 'Acabamos de enviar um código. Espere um pouco antes de pedir outro.',
      send_limit:
        'Você atingiu o limite de códigos de hoje. Use o último que enviamos ou tente novamente mais tarde.',
      delivery_failed:
        'Não sabemos se o seu código foi enviado. Se ele chegar, digite-o. Se não, peça novamente.',
      service_misconfigured: 'Não conseguimos enviar códigos no momento. Fale com o suporte.',
      delivery_unavailable:
        'Não conseguimos enviar códigos no momento. Tente novamente em instantes.',
    },
    waits: {
      cooldown: 'Acabamos de enviar um código. Você poderá pedir outro em {duration}.',
      send_limit:
        'Você atingiu o limite de códigos de hoje. Use o último que enviamos ou tente novamente em {duration}.',
      delivery_failed:
        'Não sabemos se o seu código foi enviado. Se ele chegar, digite-o. Se não, você poderá pedir novamente em {duration}.',
      delivery_unavailable:
        'Não conseguimos enviar códigos no momento. Tente novamente em {duration}.',
    },
  },
}

/** The text messages in Portuguese, the best wording first. */
export const ptMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${titled(appName)}${code} é o seu codigo. Vale por ${minutes} min. Nunca o revele.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}O telefone da sua conta mudou para outro com final ${lastDigits}. Se foi outra pessoa, fale logo com o suporte.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Seu telefone mudou para ..${lastDigits}. Foi outra pessoa? Fale com o suporte.`,
  ],
  changed: {
    added: [
      (appName) =>
        `${titled(appName)}Uma nova verificacao foi adicionada a sua conta. Se nao foi voce, troque sua senha agora.`,
    ],
    removed: [
      (appName) =>
        `${titled(appName)}Uma verificacao foi removida da sua conta. Se nao foi voce, troque sua senha agora.`,
    ],
    recovery_code_used: [
      (appName) =>
        `${titled(appName)}Um codigo de recuperacao foi usado na sua conta. Se nao foi voce, troque sua senha agora.`,
    ],
    reset: [
      (appName) =>
        `${titled(appName)}O suporte redefiniu a verificacao da sua conta. Se nao foi voce que pediu, avise agora.`,
    ],
  },
}
