// The page's words in the editor's language: the extension writes them into the document, by their English text.

/** Translations by English text, in the format of the bundles of vscode.l10n. */
export type Translations = Readonly<Record<string, string>>;

/**
 * `text` in the editor's language, with `values` in the places {0}, {1} and so on; as it is where there is no word for it,
 * which is how names from files pass through.
 */
export type Translate = (text: string, ...values: readonly (string | number)[]) => string;

export const translator =
  (texts: Translations): Translate =>
  (text, ...values) => {
    const said = Object.hasOwn(texts, text) ? texts[text] : text;
    return values.length === 0
      ? said
      : said.replace(/\{(\d+)\}/g, (place, i: string) => String(values[Number(i)] ?? place));
  };

/** What an element was given as `data-texts`: translations as JSON; none where it is something else. */
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

/** Absent in tests, which read English. */
const { document: page } = globalThis as { readonly document?: Page };

/** The language that the page is written in, as in BCP 47. */
export const language = page?.documentElement.lang || 'en';

export const t = translator(parseTranslations(page?.getElementById('app')?.dataset.texts));
