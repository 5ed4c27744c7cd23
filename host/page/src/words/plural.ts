/** Words that depend on a number. */

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** In a form, `#` stands for the number. */
export function pluralsOf(locale: string) {
  const rules = new Intl.PluralRules(locale);
  const format = new Intl.NumberFormat(locale);
  return (count: number, forms: Forms): string => {
    const form = forms[rules.select(count)] ?? forms.other;
    return form.replaceAll('#', format.format(count));
  };
}
