/** Hindi. */

import {
  titled,
  type MessageTemplate,
  type PhoneMessages,
  type ReplacedTemplate,
} from './phone-messages.js'
import { hiHeld } from './held/hi.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Hindi. */
export const hi: Texts = {
  headings: { passed: 'आपकी पुष्टि हो गई', message: 'कुछ गड़बड़ हो गई' },
  errorTitle: 'गड़बड़ी: {heading}',
  account: 'खाता: {account}',
  help: 'मदद चाहिए?',
  support: 'सहायता टीम से संपर्क करें',
  contactSupport: 'सहायता टीम से संपर्क करें।',
  working: 'एक पल रुकें…',
  triesLeft: {
    one: 'आपके पास {count} कोशिश बची है।',
    other: 'आपके पास {count} कोशिशें बची हैं।',
  },
  noTriesLeft: 'यह कोड सही नहीं है। अब आपके पास कोई कोशिश नहीं बची है। नया कोड मांगें।',
  code: 'कोड',
  confirm: 'पुष्टि करें',
  otherAccount: 'दूसरे खाते से लॉग इन करें',
  logIn: 'लॉग इन करें',
  toChallenge: 'कोड पर वापस जाएं',
  tryAgain: 'फिर से कोशिश करें',
  passed: 'आपने अपनी पहचान की पुष्टि कर दी है।',
  goOn: 'जारी रखें',
  refusals: {
    malformed_request: 'कोई जानकारी नहीं है या सही रूप में नहीं है। उसे जांचकर फिर से कोशिश करें।',
    method_not_allowed: 'यह पता इस तरह के अनुरोध नहीं लेता।',
    body_too_large: 'डेटा बहुत ज़्यादा है। कम डालकर फिर से कोशिश करें।',
    unsupported_media_type: 'JSON या फ़ॉर्म भेजें।',
    login_required: 'पहले अपने पासवर्ड से लॉग इन करें।',
    second_factor_required: 'पहले कोड से अपनी पहचान की पुष्टि करें।',
    second_factor_stale: 'आपकी सुरक्षा के लिए, आगे बढ़ने से पहले नया कोड डालें।',
    cross_site_request:
      'यह अनुरोध किसी दूसरी वेबसाइट से आया था, इसलिए हमने इसे रोक दिया। यहां से फिर शुरू करें।',
    second_factor_insufficient: 'इसके लिए पहचान की पुष्टि का कोई दूसरा तरीका चाहिए। नीचे से एक चुनें।',
    code_incorrect: 'यह कोड सही नहीं है। इसे जांचकर फिर से कोशिश करें।',
    code_expired: 'इस कोड का समय खत्म हो गया है। नया कोड मांगें।',
    code_used: 'यह कोड पहले ही इस्तेमाल हो चुका है। नया कोड डालें।',
    factor_not_enrolled: 'यह तरीका आपके खाते पर सेट नहीं है। कोई दूसरा तरीका चुनें।',
    setup_expired: 'सेटअप का समय खत्म हो गया, या इस बीच कुछ बदल गया। इसे फिर से शुरू करें।',
    factor_limit: 'आप ऐसा एक और नहीं जोड़ सकते। पहले एक हटाएं।',
    last_factor: 'अपनी पहचान की पुष्टि के लिए कम से कम एक तरीका ज़रूरी है। इसे हटाने से पहले दूसरा जोड़ें।',
    factors_lost:
      'हम अभी आपके खाते का दूसरा चरण नहीं पढ़ पा रहे हैं, इसलिए आपको अंदर नहीं आने दे सकते। सहायता टीम से संपर्क करें।',
    no_challenge: 'इस ब्राउज़र में कोई मान्य कोड नहीं है। नया कोड मांगें।',
    attempts_exhausted: 'बहुत बार गलत कोड डाला गया। नया कोड मांगें।',
    locked_out:
      'बहुत बार गलत कोड डाला गया। आपकी सुरक्षा के लिए, इस खाते में अब कोड नहीं डाले जा सकते। इसे खुलवाने के लिए सहायता टीम से संपर्क करें। अगर यह आपने नहीं किया, तो अपना पासवर्ड बदलें।',
    store_unavailable: 'फ़िलहाल सेवा उपलब्ध नहीं है। थोड़ी देर में फिर से कोशिश करें।',
  },
  waits: {
    attempts_exhausted: 'बहुत बार गलत कोड डाला गया। नया कोड मांगने से पहले इतना इंतज़ार करें: {duration}।',
    locked_out:
      'बहुत बार गलत कोड डाला गया। आपकी सुरक्षा के लिए, आप इस समय तक कोड नहीं डाल सकते: {time} (बाकी समय: {duration})। अगर यह आपने नहीं किया, तो अपना पासवर्ड बदलें।',
    store_unavailable: 'फ़िलहाल सेवा उपलब्ध नहीं है। फिर से कोशिश करने से पहले इतना इंतज़ार करें: {duration}।',
  },
  lockedNow:
    'बहुत बार गलत कोड डाला गया। आपकी सुरक्षा के लिए, आप इस समय तक दूसरा कोड नहीं डाल सकते: {time}। अगर यह आपने नहीं किया, तो अपना पासवर्ड बदलें।',
  tryAgainIn: 'फिर से कोशिश करने से पहले इतना इंतज़ार करें: {duration}।',
  factors: {
    heading: 'साइन-इन सुरक्षा',
    choose: 'दूसरा चरण सेट करें',
    intro: 'लॉग इन करते समय आप इन तरीकों से अपनी पहचान की पुष्टि कर सकते हैं।',
    chooseIntro: 'चुनें कि लॉग इन करते समय आप पासवर्ड के साथ और किस तरीके से अपनी पहचान की पुष्टि करेंगे।',
    dueBy: 'आपको {time} तक एक तरीका सेट करना होगा।',
    otherWays: 'पहचान की पुष्टि के दूसरे तरीके',
    added: 'जोड़ा गया: {time}',
    used: 'पिछली बार इस्तेमाल: {time}',
    notUsed: 'अभी तक इस्तेमाल नहीं हुआ',
    unusable: 'यह अभी इस्तेमाल नहीं हो सकता। सहायता टीम से संपर्क करें।',
    itemName: 'नाम',
    rename: 'नाम बदलें',
    remove: 'हटाएं',
    cancel: 'रद्द करें',
    back: 'वापस',
    manage: 'साइन-इन सुरक्षा प्रबंधित करें',
    notNow: 'अभी नहीं',
  },
  ...hiHeld,
  devices: {
    trust: {
      one: 'इस डिवाइस पर {count} दिन तक दोबारा न पूछें',
      other: 'इस डिवाइस पर {count} दिनों तक दोबारा न पूछें',
    },
    trustHint: 'इसे सिर्फ़ उस डिवाइस पर चुनें जिसे कोई और इस्तेमाल नहीं करता।',
    heading: 'भरोसेमंद डिवाइस',
    intro: 'इन डिवाइस पर आप सिर्फ़ पासवर्ड से लॉग इन करते हैं।',
    current: 'यह डिवाइस',
    unnamed: 'अज्ञात डिवाइस',
    until: '{time} तक भरोसेमंद',
    remove: 'यहां दोबारा पूछें',
    removeAll: 'हर डिवाइस पर दोबारा पूछें',
  },
  phone: {
    manage: {
      name: 'SMS से कोड',
      use: 'मुझे SMS से कोड भेजें',
      add: 'फ़ोन जोड़ें',
      change: 'फ़ोन बदलें',
      messagesOff: 'मुझे कोड न भेजें',
      messagesOn: 'मुझे फिर से कोड भेजें',
      areOff: 'इस फ़ोन पर कोड नहीं भेजे जाते।',
    },
    headings: {
      challenge: 'अपनी पहचान की पुष्टि करें',
      verify: 'अपने नंबर की पुष्टि करें',
      phone: 'आपका फ़ोन नंबर',
    },
    sent: {
      sms: 'हमने {digits} अंकों का कोड SMS से उस नंबर पर भेजा है, जिसके आखिरी अंक {number} हैं।',
      call: 'हम {digits} अंकों का कोड बताने के लिए उस नंबर पर कॉल कर रहे हैं, जिसके आखिरी अंक {number} हैं।',
      whatsapp: 'हमने {digits} अंकों का कोड WhatsApp से उस नंबर पर भेजा है, जिसके आखिरी अंक {number} हैं।',
    },
    enterCode: '{digits} अंकों का कोड डालें।',
    enterPhone: 'देश के कोड के साथ पूरा फ़ोन नंबर डालें।',
    validFor: 'कोड का बचा हुआ समय: {duration}।',
    sentAgain: 'हमने वही कोड फिर से भेजा है।',
    codeFormat: '{digits} अंक',
    elsewhere:
      'आपका पिछला कोड किसी दूसरे ब्राउज़र में माँगा गया था और सिर्फ़ वहीं काम करता है। यहाँ आगे बढ़ने के लिए नया कोड माँगें। अगर वह आप नहीं थे, तो अपना पासवर्ड बदलें।',
    changed: 'आपके नंबर के आखिरी अंक अब {number} हैं। अब से आपके कोड वहीं भेजे जाएँगे।',
    limitReached: 'आज के लिए कोड की सीमा पूरी हो गई है।',
    nothingCame: 'कोड नहीं मिला?',
    nothingCameAdvice: 'मैसेज आने में एक-दो मिनट लग सकते हैं। देख लें कि आपके फ़ोन में नेटवर्क है।',
    checkPhone: 'यह भी देख लें कि नंबर सही है।',
    lostPhone: 'अगर यह फ़ोन अब आपके पास नहीं है, तो सहायता टीम से संपर्क करें।',
    lostPhoneOther:
      'अगर यह फ़ोन अब आपके पास नहीं है, तो किसी और तरीके से अपनी पहचान की पुष्टि करें या सहायता टीम से संपर्क करें।',
    send: 'कोड पाएं',
    sendAgain: 'कोड फिर से भेजें',
    sendBy: {
      sms: 'SMS पर पाएं',
      call: 'कॉल पर पाएं',
      whatsapp: 'WhatsApp पर पाएं',
    },
    sendIn: 'दूसरा कोड मांगने से पहले इतना इंतज़ार करें: {duration}।',
    sendNow: 'अब आप कोड मांग सकते हैं।',
    otherPhone: 'दूसरा नंबर इस्तेमाल करें',
    confirmAgain: 'नए कोड से पुष्टि करें',
    changePhone: 'फ़ोन नंबर बदलें',
    label: 'फ़ोन नंबर, देश के कोड के साथ',
    use: 'जब भी आप लॉग इन करेंगे, हम इस नंबर पर कोड भेजेंगे।',
    example: 'उदाहरण: {example}',
    countryCode: 'देश का कोड नहीं है या साफ़ नहीं है। + और देश के कोड से शुरू करें, जैसे {example}।',
    present:
      'आपके नंबर के आखिरी अंक {number} हैं। इसे बदलने पर आपको बाकी सभी डिवाइस पर नया कोड डालना होगा।',
    replacedNotice: 'हम पुराने नंबर पर मैसेज भेजेंगे कि उसे बदल दिया गया है।',
    sendToPhone: 'इस नंबर पर कोड भेजें',
    smsIsWeak:
      'SMS सिर्फ़ पासवर्ड से ज़्यादा सुरक्षित है, लेकिन मैसेज बीच में पढ़े जा सकते हैं और नंबर पर कोई और कब्ज़ा कर सकता है। अगर आपको ऑथेंटिकेटर ऐप या सुरक्षा कुंजी का विकल्प मिले, तो उसे चुनें।',
    neverShare: 'यह कोड किसी को न बताएं। हमारी सहायता टीम इसे कभी नहीं मांगेगी।',
    notDelivered: {
      unreachable: 'मैसेज आपके फ़ोन तक नहीं पहुंचा। देख लें कि फ़ोन चालू है और उसमें नेटवर्क है, फिर दोबारा कोड मांगें।',
      number_invalid: 'मैसेज नहीं पहुंचा, क्योंकि इस नंबर पर मैसेज नहीं आ सकता।',
      blocked: 'आपकी मोबाइल कंपनी ने मैसेज रोक दिया।',
      not_delivered: 'मैसेज नहीं पहुंचा। दोबारा कोड मांगें।',
    },
    unusable: 'हम आपके खाते के फ़ोन नंबर पर कोड नहीं भेज सकते।',
    useOtherPhone: 'दूसरा नंबर इस्तेमाल करें।',
    optIn:
      'अगर आपने कभी हमारे मैसेज के जवाब में STOP भेजा था, तो उसी नंबर पर START भेजें और फिर दोबारा कोड मांगें।',
    refusals: {
      destination_missing: 'आपके खाते में कोई फ़ोन नंबर नहीं है, जिस पर कोड भेजा जा सके।',
      destination_invalid: 'हम इस नंबर पर मैसेज नहीं भेज सकते। नंबर जांचें और देश का कोड भी डालें।',
      destination_blocked: 'हम इस नंबर पर कोड नहीं भेज सकते। दूसरा नंबर इस्तेमाल करें।',
      unknown_number: 'कोड सही है, लेकिन यह फ़ोन नंबर किसी खाते का नहीं है।',
      cooldown: 'हमने अभी-अभी कोड भेजा है। दूसरा मांगने से पहले थोड़ा इंतज़ार करें।',
      send_limit:
        'आज के लिए कोड की सीमा पूरी हो गई है। हमारा भेजा आखिरी कोड डालें या बाद में फिर से कोशिश करें।',
      delivery_failed:
        'हमें पक्का पता नहीं कि आपका कोड भेजा गया या नहीं। अगर कोड आए, तो उसे डालें। न आए, तो फिर से मांगें।',
      service_misconfigured: 'फ़िलहाल हम कोड नहीं भेज सकते। सहायता टीम से संपर्क करें।',
      delivery_unavailable: 'फ़िलहाल हम कोड नहीं भेज सकते। थोड़ी देर में फिर से कोशिश करें।',
    },
    waits: {
      cooldown: 'हमने अभी-अभी कोड भेजा है। दूसरा मांगने से पहले इतना इंतज़ार करें: {duration}।',
      send_limit:
        'आज के लिए कोड की सीमा पूरी हो गई है। हमारा भेजा आखिरी कोड डालें, या फिर से कोशिश करने से पहले इतना इंतज़ार करें: {duration}।',
      delivery_failed:
        'हमें पक्का पता नहीं कि आपका कोड भेजा गया या नहीं। अगर कोड आए, तो उसे डालें। न आए, तो फिर से मांगने से पहले इतना इंतज़ार करें: {duration}।',
      delivery_unavailable:
        'फ़िलहाल हम कोड नहीं भेज सकते। फिर से कोशिश करने से पहले इतना इंतज़ार करें: {duration}।',
    },
  },
}

const latinCodeMessage: MessageTemplate = ({ code, appName, minutes }) =>
  `${titled(appName)}${code} aapka code hai. Yeh ${minutes} min tak valid hai. Kisi ko na bataen.`

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
      `${titled(appName)}${code} आपका कोड है। यह ${minutes} मिनट तक मान्य है। किसी को न बताएं।`,
    latinCodeMessage,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}आपका नंबर अब ..${lastDigits} है। आपने नहीं बदला? सहायता लें।`,
    ...latinReplacedMessages,
  ],
  changed: {
    added: [(appName) => `${titled(appName)}आपके खाते में नया दूसरा चरण जुड़ा। आपने नहीं? पासवर्ड बदलें।`],
    removed: [(appName) => `${titled(appName)}आपके खाते से दूसरा चरण हटा। आपने नहीं? पासवर्ड बदलें।`],
    recovery_code_used: [
      (appName) => `${titled(appName)}रिकवरी कोड से लॉग इन हुआ। आपने नहीं? पासवर्ड बदलें।`,
    ],
    reset: [(appName) => `${titled(appName)}आपके खाते का दूसरा चरण रीसेट हुआ। नहीं मांगा? सहायता लें।`],
  },
}

/** The text messages in Hindi, in Latin letters. */
export const hiLatnMessages: PhoneMessages = {
  code: [latinCodeMessage],
  replaced: latinReplacedMessages,
  changed: {
    added: [
      (appName) =>
        `${titled(appName)}Aapke khate mein naya doosra charan joda gaya. Aapne nahi? Password badlein.`,
    ],
    removed: [
      (appName) =>
        `${titled(appName)}Aapke khate se ek doosra charan hataya gaya. Aapne nahi? Password badlein.`,
    ],
    recovery_code_used: [
      (appName) =>
        `${titled(appName)}Recovery code se aapke khate mein log in hua. Aapne nahi? Password badlein.`,
    ],
    reset: [
      (appName) =>
        `${titled(appName)}Sahayata team ne aapke khate ka doosra charan reset kiya. Nahi maanga? Sampark karein.`,
    ],
  },
}
