// Translates the page's texts. The extension writes the translations into the document, keyed by the English text.

/** Translations by English text, in the format of vscode.l10n bundles. */
export type Translations = Readonly<Record<string, string>>;

/**
 * `text` in the editor's language, with `values` for the placeholders {0}, {1} and so on. A text without translation,
 * such as a name from a file, is returned as it is.
 */
export type Translate = (text: string, ...values: readonly (string | number)[]) => string;

export const translator =
  (texts: Translations): Translate =>
  (text, ...values) => {
    const translated = Object.hasOwn(texts, text) ? texts[text] : text;
    return values.length === 0
      ? translated
      : translated.replace(/\{(\d+)\}/g, (placeholder, i: string) => String(values[Number(i)] ?? placeholder));
  };

/** Parses an element's `data-texts`, translations as JSON; anything else gives no translations. */
export function parseTranslations(json: string | undefined): Translations {
  const texts: unknown = JSON.parse(json ?? '{}');
  if (typeof texts !== 'object' || texts === null) return {};
  return Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

interface Page {
  readonly documentElement: { readonly lang: string };
  readonly getElementById: (id: string) => { readonly dataset: { readonly texts?: string } } | null;
}

/** Undefined in tests, which use the English texts. */
const { document: page } = globalThis as { readonly document?: Page };

/** The language of the page, a BCP 47 tag. */
export const language = page?.documentElement.lang || 'en';

export const t = translator(parseTranslations(page?.getElementById('app')?.dataset.texts));
