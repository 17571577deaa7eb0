/** Hindi. */

import {
  named,
  titled,
  type MessageTemplate,
  type PhoneMessages,
  type ReplacedTemplate,
} from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Hindi. */
export const hi: Texts = {
  headings: { passed: 'पुष्टि हो गई', message: 'दो चरणों में पुष्टि' },
  triesLeft: {
    one: 'आपके पास {count} कोशिश बची है।',
    other: 'आपके पास {count} कोशिशें बची हैं।',
  },
  noTriesLeft: 'अब कोई कोशिश नहीं बची है। नया कोड मांगें।',
  code: 'कोड',
  confirm: 'पुष्टि करें',
  otherAccount: 'दूसरा खाता इस्तेमाल करें',
  logIn: 'लॉग इन करें',
  toChallenge: 'कोड वाले पेज पर जाएं',
  passed: 'आपकी पहचान की पुष्टि हो गई है।',
  goOn: 'जारी रखें',
  refusals: {
    malformed_request: 'कोड के अंक या पूरा फ़ोन नंबर डालें।',
    method_not_allowed: 'यह पता इस मेथड को स्वीकार नहीं करता।',
    body_too_large: 'अनुरोध बहुत बड़ा है।',
    unsupported_media_type: 'JSON या फ़ॉर्म भेजें।',
    login_required: 'पहले अपने पासवर्ड से लॉग इन करें।',
    second_factor_required: 'पहले कोड से अपनी पहचान की पुष्टि करें।',
    second_factor_stale: 'अपनी पहचान की फिर से पुष्टि करें: इसके लिए नया कोड चाहिए।',
    cross_site_request: 'अनुरोध किसी दूसरी साइट से आया था। पेज यहां खोलें और फिर से कोशिश करें।',
    code_incorrect: 'यह कोड सही नहीं है।',
    code_expired: 'इस कोड का समय खत्म हो गया है। नया कोड मांगें।',
    no_challenge: 'यहां आपके लिए कोई कोड बाकी नहीं है। नया कोड मांगें।',
    attempts_exhausted: 'बहुत बार गलत कोड डाला गया। नया कोड मांगें।',
    locked_out: 'बहुत बार गलत कोड डाला गया। दो चरणों वाली पुष्टि लॉक हो गई है।',
    store_unavailable: 'फ़िलहाल सेवा उपलब्ध नहीं है। थोड़ी देर में फिर से कोशिश करें।',
  },
  tryAgainIn: 'फिर से कोशिश करने से पहले इतना इंतज़ार करें: {duration}।',
  lockedUntil: 'लॉक खुलने का समय: {time}।',
  contactSupport: 'सहायता टीम से संपर्क करें।',
  phone: {
    headings: {
      challenge: 'अपनी पहचान की पुष्टि करें',
      verify: 'अपने नंबर की पुष्टि करें',
      phone: 'आपका फ़ोन नंबर',
    },
    sent: {
      sms: '{number} पर SMS से {digits} अंकों का कोड भेजा गया है।',
      call: 'आपको {number} पर कॉल करके {digits} अंकों का कोड बताया जाएगा।',
      whatsapp: '{number} पर WhatsApp से {digits} अंकों का कोड भेजा गया है।',
    },
    validFor: 'कोड की बची हुई वैधता: {duration}।',
    sentAgain: 'वही कोड फिर से भेजा गया है।',
    codeFormat: '{digits} अंक',
    nothingCame: 'कोड नहीं मिला?',
    nothingCameAdvice: 'मैसेज आने में एक-दो मिनट लग सकते हैं। देख लें कि फ़ोन में नेटवर्क है और नंबर सही है।',
    send: 'कोड पाएं',
    sendAgain: 'कोड फिर से भेजें',
    sendBy: {
      sms: 'SMS पर पाएं',
      call: 'कॉल पर पाएं',
      whatsapp: 'WhatsApp पर पाएं',
    },
    sendIn: 'इंतज़ार का बाकी समय: {duration}।',
    sendNow: 'अब आप कोड मांग सकते हैं।',
    otherPhone: 'दूसरा नंबर इस्तेमाल करें',
    confirmAgain: 'नए कोड से पुष्टि करें',
    changePhone: 'फ़ोन नंबर बदलें',
    label: 'फ़ोन नंबर, देश के कोड के साथ',
    use: 'जब आप लॉग इन करेंगे, तब इस नंबर पर कोड भेजा जाएगा।',
    example: 'उदाहरण: {example}',
    countryCode: 'देश का कोड नहीं है या साफ़ नहीं है: + और देश के कोड से शुरू करें, जैसे {example}।',
    present: 'आपका नंबर {number} है। इसे बदलने पर बाकी सभी सत्रों की कोड से फिर से पुष्टि करनी होगी।',
    replacedNotice: 'पुराने नंबर पर मैसेज जाएगा कि उसे बदल दिया गया है।',
    sendToPhone: 'इस नंबर पर कोड भेजें',
    smsIsWeak:
      'SMS सिर्फ़ पासवर्ड से ज़्यादा सुरक्षित है, लेकिन मैसेज बीच में पढ़े जा सकते हैं और नंबर पर कोई और कब्ज़ा कर सकता है। जहां ऐप या सुरक्षा कुंजी का विकल्प मिले, वह ज़्यादा सुरक्षित है।',
    neverShare: 'आपके अलावा किसी को इस कोड की ज़रूरत नहीं है। इसे किसी को न बताएं, सहायता टीम को भी नहीं।',
    notDelivered: {
      unreachable: 'मैसेज फ़ोन तक नहीं पहुंचा। फ़ोन को ऐसी जगह चालू करें जहां नेटवर्क हो, फिर दोबारा कोड मांगें।',
      number_invalid:
        'मैसेज नहीं पहुंचा: इस नंबर पर मैसेज नहीं आ सकता। दूसरा नंबर इस्तेमाल करें या सहायता टीम से संपर्क करें।',
      blocked: 'मैसेज को रास्ते में रोक दिया गया। दूसरा नंबर इस्तेमाल करें या सहायता टीम से संपर्क करें।',
      not_delivered: 'मैसेज नहीं पहुंचा। नंबर जांच लें या दोबारा कोड मांगें।',
    },
    refusals: {
      destination_missing: 'कोड भेजने के लिए कोई फ़ोन नंबर नहीं है। पहले एक नंबर जोड़ें।',
      destination_invalid: 'इस फ़ोन नंबर पर कोड नहीं आ सकता। नंबर और देश का कोड जांच लें।',
      destination_blocked: 'इस फ़ोन नंबर पर कोड नहीं भेजे जा सकते। दूसरा नंबर इस्तेमाल करें।',
      unknown_number: 'कोड सही है, लेकिन यह फ़ोन नंबर किसी उपयोगकर्ता का नहीं है।',
      cooldown: 'कोड अभी-अभी भेजा गया है। दूसरा मांगने से पहले थोड़ा इंतज़ार करें।',
      send_limit: 'बहुत ज़्यादा कोड भेजे जा चुके हैं। आखिरी कोड इस्तेमाल करें या बाद में फिर से कोशिश करें।',
      delivery_failed: 'शायद कोड नहीं भेजा जा सका। अगर कोड आए, तो उसे डालें; न आए, तो फिर से मांगें।',
      service_misconfigured: 'फ़िलहाल कोड नहीं भेजे जा सकते। सहायता टीम से संपर्क करें।',
      delivery_unavailable: 'फ़िलहाल कोड नहीं भेजे जा सकते। थोड़ी देर में फिर से कोशिश करें।',
    },
  },
}

const latinCodeMessage: MessageTemplate = ({ code, appName, minutes }) =>
  `${code} aapka ${named(appName)}code hai. Yeh ${minutes} min tak valid hai. Kisi ko na bataen.`

const latinReplacedMessages: readonly ReplacedTemplate[] = [
  ({ appName, lastDigits }) =>
    `${titled(appName)}Aapka number badal kar ${lastDigits} par khatm hone wala ho gaya hai. Aapne nahin kiya to turant support se baat karen.`,
  ({ appName, lastDigits }) =>
    `${titled(appName)}Aapka number ab ..${lastDigits} hai. Aapne nahin badla? Support se baat karen.`,
]

/** The text messages in Hindi, the best wording first. */
export const hiMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${code} आपका ${named(appName)}कोड है। यह ${minutes} मिनट तक मान्य है। किसी को न बताएं।`,
    latinCodeMessage,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}आपका नंबर अब ..${lastDigits} है। आपने नहीं बदला? सहायता लें।`,
    ...latinReplacedMessages,
  ],
}

/** The text messages in Hindi, in Latin letters. */
export const hiLatnMessages: PhoneMessages = {
  code: [latinCodeMessage],
  replaced: latinReplacedMessages,
}
