/** Arabic. */

import { enMessages } from './en.js'
import { afterPreposition, titled, type PhoneMessages } from './phone-messages.js'
import type { Texts } from './texts.js'

/** The texts of the pages in Arabic. */
export const ar: Texts = {
  headings: { passed: 'اكتمل التأكيد', message: 'التحقق بخطوتين' },
  triesLeft: {
    zero: 'المحاولات المتبقية: {count}.',
    one: 'المحاولات المتبقية: {count}.',
    two: 'المحاولات المتبقية: {count}.',
    few: 'بقيت لك {count} محاولات.',
    many: 'بقيت لك {count} محاولة.',
    other: 'بقيت لك {count} محاولة.',
  },
  noTriesLeft: 'لم تبقَ لك أي محاولة: اطلب رمزًا جديدًا.',
  code: 'الرمز',
  confirm: 'تأكيد',
  otherAccount: 'استخدام حساب آخر',
  logIn: 'تسجيل الدخول',
  toChallenge: 'الانتقال إلى صفحة الرمز',
  passed: 'لقد أكدت هويتك.',
  goOn: 'متابعة',
  refusals: {
    malformed_request: 'أدخل أرقام الرمز أو رقم الهاتف كاملًا.',
    method_not_allowed: 'هذا العنوان لا يقبل هذه الطريقة.',
    body_too_large: 'الطلب أكبر من اللازم.',
    unsupported_media_type: 'أرسل بيانات JSON أو نموذجًا.',
    login_required: 'سجل الدخول بكلمة المرور أولًا.',
    second_factor_required: 'أكد هويتك برمز أولًا.',
    second_factor_stale: 'أكد هويتك مرة أخرى: يلزم هنا رمز جديد.',
    cross_site_request: 'جاء الطلب من موقع آخر. افتح الصفحة هنا وحاول مرة أخرى.',
    code_incorrect: 'هذا الرمز غير صحيح.',
    code_expired: 'انتهت صلاحية هذا الرمز. اطلب رمزًا جديدًا.',
    no_challenge: 'لا يوجد رمز في انتظارك هنا. اطلب رمزًا.',
    attempts_exhausted: 'أُدخلت رموز خاطئة كثيرة. اطلب رمزًا جديدًا.',
    locked_out: 'أُدخلت رموز خاطئة كثيرة. التحقق بخطوتين مقفل.',
    store_unavailable: 'الخدمة غير متاحة حاليًا. حاول مرة أخرى بعد قليل.',
  },
  tryAgainIn: 'الوقت المتبقي قبل المحاولة مرة أخرى: {duration}.',
  lockedUntil: 'ينتهي القفل في {time}.',
  contactSupport: 'تواصل مع فريق الدعم.',
  phone: {
    headings: { challenge: 'تأكيد هويتك', verify: 'تأكيد رقمك', phone: 'رقم هاتفك' },
    sent: {
      sms: 'أُرسل رمز من {digits} أرقام إلى {number} في رسالة نصية.',
      call: 'ستتلقى مكالمة على {number} تخبرك برمز من {digits} أرقام.',
      whatsapp: 'أُرسل رمز من {digits} أرقام إلى {number} عبر واتساب.',
    },
    validFor: 'المدة المتبقية لصلاحية الرمز: {duration}.',
    sentAgain: 'أُرسل الرمز نفسه مرة أخرى.',
    codeFormat: '{digits} أرقام',
    nothingCame: 'ألم يصلك الرمز بعد؟',
    nothingCameAdvice:
      'قد يستغرق وصول الرسالة دقيقة أو دقيقتين. تحقق من أن الهاتف متصل بالشبكة ومن أن الرقم صحيح.',
    send: 'إرسال رمز',
    sendAgain: 'إعادة إرسال الرمز',
    sendBy: {
      sms: 'إرساله في رسالة نصية',
      call: 'تلقي مكالمة بدلًا من ذلك',
      whatsapp: 'إرساله عبر واتساب',
    },
    sendIn: 'الوقت المتبقي لإتاحة الإرسال: {duration}.',
    sendNow: 'يمكنك طلبه الآن.',
    otherPhone: 'استخدام رقم آخر',
    confirmAgain: 'التأكيد برمز جديد',
    changePhone: 'تغيير رقم الهاتف',
    label: 'رقم الهاتف مع رمز الدولة',
    use: 'عند تسجيل الدخول، يُرسل رمز إلى هذا الرقم.',
    example: 'مثال: {example}',
    countryCode: 'رمز الدولة ناقص أو غير واضح: ابدأ بعلامة + ثم رمز الدولة، مثل {example}.',
    present: 'رقمك هو {number}. إذا غيرته، فسيلزم تأكيد كل الجلسات الأخرى من جديد برمز.',
    replacedNotice: 'ستصل إلى الرقم القديم رسالة تفيد باستبداله.',
    sendToPhone: 'إرسال رمز إلى هذا الرقم',
    smsIsWeak:
      'الرسائل النصية أكثر أمانًا من كلمة المرور وحدها، لكن يمكن اعتراضها، ويمكن الاستيلاء على الأرقام. وإذا أُتيح لك تطبيق أو مفتاح أمان، فهو أكثر أمانًا.',
    neverShare: 'لا أحد غيرك يحتاج إلى هذا الرمز. لا تعطه لأحد، ولا حتى لفريق الدعم.',
    notDelivered: {
      unreachable:
        'لم تصل الرسالة إلى الهاتف. شغله في مكان تتوفر فيه الشبكة، ثم اطلب الرمز مرة أخرى.',
      number_invalid:
        'لم تصل الرسالة: لا يمكن لهذا الرقم استقبالها. استخدم رقمًا آخر أو تواصل مع فريق الدعم.',
      blocked: 'أُوقفت الرسالة في طريقها. استخدم رقمًا آخر أو تواصل مع فريق الدعم.',
      not_delivered: 'لم تصل الرسالة. تحقق من الرقم أو اطلب الرمز مرة أخرى.',
    },
    refusals: {
      destination_missing: 'لا يوجد رقم هاتف لإرسال الرمز إليه. أضف رقمًا أولًا.',
      destination_invalid: 'لا يمكن لرقم الهاتف هذا استقبال الرموز. تحقق منه ومن رمز الدولة.',
      destination_blocked: 'لا يمكن إرسال الرموز إلى رقم الهاتف هذا. استخدم رقمًا آخر.',
      unknown_number: 'الرمز صحيح، لكن رقم الهاتف هذا لا يخص أي مستخدم.',
      cooldown: 'أُرسل رمز قبل لحظات. انتظر قبل طلب رمز آخر.',
      send_limit: 'أُرسلت رموز كثيرة. استخدم آخر رمز أو حاول لاحقًا.',
      delivery_failed: 'ربما لم يُرسل الرمز. إذا وصل فأدخله، وإلا فاطلبه مرة أخرى.',
      service_misconfigured: 'لا يمكن إرسال الرموز حاليًا. تواصل مع فريق الدعم.',
      delivery_unavailable: 'لا يمكن إرسال الرموز حاليًا. حاول مرة أخرى بعد قليل.',
    },
  },
}

/** The text messages in Arabic, the best wording first. */
export const arMessages: PhoneMessages = {
  code: [
    ({ code, appName, minutes }) =>
      `${code} هو رمزك${afterPreposition('في', appName)}. صالح لمدة ${minutes} د. لا تشاركه مع أحد.`,
    ...enMessages.code,
  ],
  replaced: [
    ({ appName, lastDigits }) =>
      `${titled(appName)}استُبدل رقمك برقم ينتهي بـ ${lastDigits}. إن لم تكن أنت فاتصل بالدعم فورًا.`,
    ({ appName, lastDigits }) =>
      `${titled(appName)}تغير رقمك إلى ..${lastDigits}. لست أنت؟ اتصل بالدعم.`,
    ...enMessages.replaced,
  ],
}
