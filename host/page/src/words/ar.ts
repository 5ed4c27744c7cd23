/** All words of the page, in Arabic. */

import type { Right } from '../api';
import type { Words } from '.';
import { pluralsOf } from './plural';

const plural = pluralsOf('ar-EG');

export const ar: Words = {
  frame: {
    title: 'صندوق الوارد',
    skip: 'انتقل إلى المحتوى',
    navigation: 'الصفحات',
    inbox: 'صندوق الوارد',
    settings: 'الإعدادات',
    loggedInAs: (name) => `تم الدخول باسم ${name}`,
    logOut: 'تسجيل الخروج',
    languageLabel: 'اللغة',
    theme: 'المظهر',
    themes: { auto: 'حسب النظام', light: 'فاتح', dark: 'داكن' },
    views: {
      now: 'الآن',
      decisions: 'القرارات',
      numbers: 'الأرقام',
      options: 'خيارات التوجيه',
      policy: 'السياسة',
      edit: 'القواعد',
      play: 'تجربة',
    },
    live: 'مباشر',
    noInboxTitle: 'لا يوجد صندوق وارد',
    noInbox: 'هذا الرمز ليس لأي صندوق وارد على هذا الخادم.',
    unknownInbox: (inbox) => `هذا الرمز ليس لصندوق وارد باسم «${inbox}».`,
  },

  common: {
    cancel: 'إلغاء',
    close: 'إغلاق',
    save: 'حفظ',
    retry: 'حاول مرة أخرى',
    back: 'رجوع',
    more: 'المزيد',
    none: 'لا شيء',
    all: 'الكل',
    clear: 'مسح',
    loading: 'جارٍ التحميل…',
    copy: 'نسخ',
    copied: 'تم النسخ',
    open: 'فتح',
    dismiss: 'إخفاء',
    and: (items) => new Intl.ListFormat('ar-EG', { type: 'conjunction' }).format(items),
    or: (items) => new Intl.ListFormat('ar-EG', { type: 'disjunction' }).format(items),
    chats: (n) =>
      plural(n, {
        zero: 'لا محادثات',
        one: 'محادثة واحدة',
        two: 'محادثتان',
        few: '# محادثات',
        many: '# محادثة',
        other: '# محادثة',
      }),
    messages: (n) =>
      plural(n, {
        zero: 'لا رسائل',
        one: 'رسالة واحدة',
        two: 'رسالتان',
        few: '# رسائل',
        many: '# رسالة',
        other: '# رسالة',
      }),
    findings: (n) =>
      plural(n, {
        zero: 'لا ملاحظات',
        one: 'ملاحظة واحدة',
        two: 'ملاحظتان',
        few: '# ملاحظات',
        many: '# ملاحظة',
        other: '# ملاحظة',
      }),
    users: (n) =>
      plural(n, {
        zero: 'لا مستخدمين',
        one: 'مستخدم واحد',
        two: 'مستخدمان',
        few: '# مستخدمين',
        many: '# مستخدمًا',
        other: '# مستخدم',
      }),
  },

  state: {
    lost: 'انقطع الاتصال. قد يكون ما تراه قديمًا، وستتابع الصفحة فور استجابة صندوق الوارد.',
    found: 'عاد الاتصال.',
    cannotLoad: 'لا يمكن عرض هذا الآن',
    offline: 'تعذّر الوصول إلى صندوق الوارد. ستحاول الصفحة مرة أخرى من تلقاء نفسها.',
    noRightTitle: 'لا يسمح هذا الرمز بذلك',
    noRight: (right: Right) => `يلزم الإذن «${right}». اطلب من مسؤول صندوق الوارد رمزًا يملكه.`,
    nothing: 'لا شيء هنا بعد',
  },

  login: {
    title: 'تسجيل الدخول',
    lead: 'برمز من رموز صندوق الوارد هذا. طُبع مرة واحدة عند أول تشغيل للبرنامج، أو أُنشئ بالأمر inbox-host token.',
    token: 'الرمز',
    show: 'إظهار الرمز',
    submit: 'دخول',
    wrong: 'هذا الرمز غير معروف. تأكد من نسخه كاملًا.',
    again: 'انتهت جلستك',
    againLead: 'سجّل الدخول مرة أخرى لتتابع من حيث كنت. لا يضيع شيء من الصفحة.',
    help: 'تدوم الجلسة 12 ساعة، وهي لهذا المتصفح وحده.',
  },

  presence: { online: 'متصل', away: 'بعيد', offline: 'غير متصل' },

  algorithms: {
    random: 'عشوائيًا',
    in_order: 'بالتناوب',
    most_waiting: 'الأطول انتظارًا',
    least_chats: 'الأقل محادثات',
    least_load: 'الأقل حملًا',
    weighted: 'حسب الوزن',
    hand: 'يدويًا',
  },

  replyStates: {
    waiting: 'بانتظار الإرسال',
    sending: 'قيد الإرسال',
    sent: 'أُرسلت',
    delivered: 'وصلت',
    read: 'قُرئت',
    failed: 'رفضها واتساب',
    unknown: 'ربما أُرسلت',
    suppressed: 'لم تُرسل: الرسالة قديمة',
    too_late: 'لم تُرسل في وقتها',
    returned: 'عُرضت على العميل',
  },

  numbers: {},
  now: {},
  decisions: {},
  play: {},
  options: {},
  policy: {},
  edit: {},
};
