/** What the languages' own rules decide: plural forms, numbers and lists, as the browser knows them (CLDR). */

/** A sentence for each plural category that the language has; `#` stands for the number. */
export type Forms = { readonly other: string } & Partial<Readonly<Record<Intl.LDMLPluralRule, string>>>;

export interface Grammar {
  readonly plural: (count: number, forms: Forms) => string;
  /** "Ada, José and you". */
  readonly list: (items: readonly string[]) => string;
}

/** The grammar of a language, by its BCP 47 tag. */
export function grammar(tag: string): Grammar {
  const rules = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(tag);
  const lists = new Intl.ListFormat(tag);
  return {
    plural: (count, forms) => (forms[rules.select(count)] ?? forms.other).replace("#", numbers.format(count)),
    list: (items) => lists.format(items),
  };
}
