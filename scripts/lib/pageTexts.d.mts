// Types of pageTexts.mjs for the tests.

export interface PageTexts {
  readonly texts: readonly string[];
  readonly untranslated: readonly string[];
}
export function pageTexts(): PageTexts;
export function textsOf(file: string, source: string): PageTexts;
