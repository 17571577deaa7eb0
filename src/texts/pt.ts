/** Portuguese. */

import { afterPreposition, titled, type PhoneMessages } from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Portuguese. */
export const pt: Texts = {
  headings: { passed: 'Confirmado', message: 'Verificação em duas etapas' },
  triesLeft: { one: 'Resta {count} tentativa.', other: 'Restam {count} tentativas.' },
  noTriesLeft: 'Não restam tentativas: peça um novo código.',
  code: 'Código',
  confirm: 'Confirmar',
  otherAccount: 'Usar outra conta',
  logIn: 'Entrar',
  toChallenge: 'Ir para a página do código',
  passed: 'Você confirmou a sua identidade.',
  goOn: 'Continuar',
  refusals: {
    malformed_request: 'Digite os dígitos do código ou o número de telefone completo.',
    method_not_allowed: 'Este endereço não aceita esse método.',
    body_too_large: 'A solicitação é grande demais.',
    unsupported_media_type: 'Envie JSON ou um formulário.',
    login_required: 'Primeiro, entre com a sua senha.',
    second_factor_required: 'Primeiro, confirme a sua identidade com um código.',
    second_factor_stale:
      'Confirme a sua identidade mais uma vez: aqui é necessário um novo código.',
    cross_site_request: 'A solicitação veio de outro site. Abra a página aqui e tente novamente.',
    code_incorrect: 'Esse código está incorreto.',
    code_expired: 'Esse código expirou. Peça um novo.',
    no_challenge: 'Não há nenhum código pendente aqui. Peça um.',
    attempts_exhausted: 'Muitos códigos incorretos. Peça um novo código.',
    locked_out: 'Muitos códigos incorretos. A verificação em duas etapas está bloqueada.',
    store_unavailable: 'O serviço não está disponível no momento. Tente novamente em instantes.',
  },
  tryAgainIn: 'Tente novamente em {duration}.',
  lockedUntil: 'O bloqueio termina em {time}.',
  contactSupport: 'Entre em contato com o suporte.',
  phone: {
    headings: {
      challenge: 'Confirme a sua identidade',
      verify: 'Confirme o seu número',
      phone: 'Seu número de telefone',
    },
    sent: {
      sms: 'Um código de {digits} dígitos foi enviado por SMS para {number}.',
      call: 'Você receberá uma ligação em {number} com um código de {digits} dígitos.',
      whatsapp: 'Um código de {digits} dígitos foi enviado pelo WhatsApp para {number}.',
    },
    validFor: 'O código expira em {duration}.',
    sentAgain: 'O mesmo código foi enviado novamente.',
    codeFormat: '{digits} dígitos',
    nothingCame: 'Não recebeu o código?',
    nothingCameAdvice:
      'Uma mensagem pode levar um ou dois minutos. Verifique se o telefone tem sinal e se o número está certo.',
    send: 'Receber um código',
    sendAgain: 'Reenviar o código',
    sendBy: {
      sms: 'Receber por SMS',
      call: 'Receber uma ligação',
      whatsapp: 'Receber pelo WhatsApp',
    },
    sendIn: 'Disponível em {duration}.',
    sendNow: 'Você já pode pedi-lo.',
    otherPhone: 'Usar outro número',
    confirmAgain: 'Confirmar com um código novo',
    changePhone: 'Alterar o número de telefone',
    label: 'Número de telefone, com o código do país',
    use: 'Quando você entrar, um código será enviado para este número.',
    example: 'Por exemplo, {example}',
    countryCode:
      'O código do país está faltando ou não está claro: comece com + e o código do país, como em {example}.',
    present:
      'O seu número é {number}. Se você o alterar, todas as suas outras sessões terão de ser confirmadas novamente com um código.',
    replacedNotice: 'O número antigo receberá uma mensagem avisando que foi substituído.',
    sendToPhone: 'Enviar um código para este número',
    smsIsWeak:
      'Mensagens SMS são mais seguras do que apenas uma senha, mas podem ser interceptadas, e números podem ser roubados. Um aplicativo ou uma chave de segurança é mais seguro, quando essa opção existe.',
    neverShare: 'Ninguém mais precisa deste código. Não o informe a ninguém, nem mesmo ao suporte.',
    notDelivered: {
      unreachable:
        'A mensagem não chegou ao telefone. Ligue o aparelho onde haja sinal e peça o código novamente.',
      number_invalid:
        'A mensagem não chegou: este número não pode recebê-la. Use outro ou entre em contato com o suporte.',
      blocked:
        'A mensagem foi bloqueada no caminho. Use outro número ou entre em contato com o suporte.',
      not_delivered: 'A mensagem não chegou. Verifique o número ou peça o código novamente.',
    },
    refusals: {
      destination_missing:
        'Não há um número de telefone para o qual enviar o código. Primeiro, adicione um.',
      destination_invalid:
        'Esse número de telefone não pode receber códigos. Verifique-o, incluindo o código do país.',
      destination_blocked: 'Não é possível enviar códigos para esse número de telefone. Use outro.',
      unknown_number: 'O código está certo, mas nenhum usuário tem esse número de telefone.',
      cooldown: 'Um código acabou de ser enviado. Aguarde antes de pedir outro.',
      send_limit: 'Foram enviados códigos demais. Use o último ou tente novamente mais tarde.',
      delivery_failed:
        'Talvez o código não tenha sido enviado. Se ele chegar, digite-o; se não, peça-o novamente.',
      service_misconfigured:
        'Não é possível enviar códigos no momento. Entre em contato com o suporte.',
      delivery_unavailable:
        'Não é possível enviar códigos no momento. Tente novamente em instantes.',
    },
  },
}

/** The text messages in Portuguese, the best wording first. */
export const ptMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${code} é a sua senha de acesso${afterPreposition('a', appName)}. Vale por ${minutes} min. Nunca a revele.`,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}O telefone da sua conta mudou para outro com final ${lastDigits}. Se foi outra pessoa, fale logo com o suporte.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}Seu telefone mudou para ..${lastDigits}. Foi outra pessoa? Fale com o suporte.`,
  ],
}
