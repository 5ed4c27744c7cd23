/** The conditions of a policy in Arabic. All nouns are masculine, so that every test fits every noun. */

import type { FactWords } from '../api';
import { durationWords, words } from '.';

const format = new Intl.NumberFormat('ar-EG');
const or = new Intl.ListFormat('ar-EG', { type: 'disjunction' });

/** What it is about; without a test it is a whole sentence. The name stands for `{}`, or follows. */
const SUBJECTS: Record<string, string> = {
  new_customer: 'العميل جديد، لم يكتب إلى هذا الصندوق من قبل',
  returning_customer: 'العميل كتب إلى هذا الصندوق من قبل',
  has_owner: 'للعميل مسؤول',
  owner_online: 'للعميل مسؤول وهو متصل',
  owner_offline: 'للعميل مسؤول وهو غير متصل',
  owner_away: 'للعميل مسؤول وهو بعيد',
  any_online: 'أحد المستخدمين متصل',
  all_offline: 'لا أحد متصل',
  any_available: 'أحد المستخدمين متصل ولديه متسع',
  chat_open: 'محادثة العميل مع هذا الرقم مفتوحة',
  chat_waiting: 'المحادثة مفتوحة وليست لدى أحد',
  chat_answered: 'مستخدم ما كتب في المحادثة منذ أُسندت أو بدأت تنتظر',
  user_online: 'المستخدم الذي لديه المحادثة متصل',
  user_offline: 'المستخدم الذي لديه المحادثة غير متصل',
  user_away: 'المستخدم الذي لديه المحادثة بعيد',
  online: 'عدد المتصلين',
  available: 'عدد المتصلين الذين لديهم متسع',
  waiting: 'عدد المحادثات المنتظرة',
  message: 'نص الرسالة',
  'message.kind': 'نوع الرسالة',
  'message.age': 'عمر الرسالة عند وصولها',
  'message.ad': 'الإعلان الذي ضغط عليه العميل',
  'message.ad_text': 'نص الإعلان',
  'message.button': 'الزر الذي ضغط عليه العميل',
  'message.forwarded': 'الرسالة معاد توجيهها',
  'message.attribute': 'حقل الرسالة',
  'chat.with': 'المحادثة لدى',
  'chat.in': 'المحادثة جاءت عبر {} أو تنتظر في قائمتها',
  'chat.tag': 'المحادثة تحمل الوسم',
  'chat.open_for': 'زمن فتح المحادثة',
  'chat.waiting_for': 'زمن انتظار المحادثة',
  'customer.tag': 'العميل يحمل الوسم',
  'customer.country': 'بلد العميل',
  'customer.language': 'رمز لغة العميل',
  'customer.name': 'اسم العميل',
  'customer.phone': 'رقم هاتف العميل',
  'customer.silent_for': 'زمن صمت العميل قبل هذه الرسالة',
  'customer.attribute': 'حقل العميل',
  definition: 'الشرط {} متحقق',
  during: 'وقت الرسالة ضمن',
};

const TESTS: Record<string, string> = {
  is: 'هو',
  is_not: 'ليس',
  contains: 'يحتوي على',
  contains_part: 'يحتوي، ولو داخل كلمة، على',
  starts_with: 'يبدأ بـ',
  matches: 'يطابق النمط',
  has: 'معروف',
  '<': 'أقل من',
  '<=': 'لا يزيد على',
  '=': 'يساوي',
  '>=': 'لا يقل عن',
  '>': 'أكثر من',
};

/** The names after these are groups. */
const IN_GROUP = /^(?:any_|all_|online|available|waiting)/;

/** `null`: there are no words for it. */
export function saidInArabic(fact: FactWords): string | null {
  const { subject, test, seconds, values } = fact;
  const about = SUBJECTS[subject];
  const tested = test === null ? '' : TESTS[test];
  if (about === undefined || tested === undefined) return null;
  const name = fact.name === null ? '' : (IN_GROUP.test(subject) ? 'في ' : '') + quoted(fact.name);
  const flag = subject.endsWith('.attribute') && test === null ? 'متحقق' : '';
  const value = seconds === null ? or.format(values.map((one) => valueOf(one, fact))) : durationWords(seconds, true);
  const parts = about.includes('{}') ? [about.replace('{}', () => name)] : [about, name];
  return [...parts, flag, tested, value].filter(Boolean).join(' ');
}

function valueOf(value: string, { subject, test }: FactWords): string {
  if (subject === 'message.kind') return words().kinds[value] ?? quoted(value);
  return /^[<=>]/.test(test ?? '') ? format.format(Number(value)) : quoted(value);
}

/** In its own direction. */
function quoted(text: string): string {
  return `«\u2068${text}\u2069»`;
}
