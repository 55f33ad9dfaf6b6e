// The language of the monitor's page: the translation of its texts that is shipped for the editor's language, or English.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { errno } from '../../files/errno';

export interface PageWords {
  /** The language that the page is written in, as in BCP 47. */
  readonly language: string;
  /** Translations by English text. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * `folder` is that of the extension's translations, `language` the editor's, such as `de` or `pt-br`. The page has a file of
 * its own, `monitor.l10n.<language>.json`, in the format of the bundles of vscode.l10n: it is handed over whole. Where there
 * is none for `de-at`, `de` will do.
 */
export function pageWords(folder: string, language: string): PageWords {
  const wanted = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language) ? language.toLowerCase() : 'en';
  for (let tag = wanted; tag !== ''; tag = tag.replace(/(^|-)[^-]*$/, '')) {
    const texts = read(path.join(folder, `monitor.l10n.${tag}.json`));
    if (texts !== undefined) return { language: wanted, texts };
  }
  return { language: 'en', texts: {} };
}

function read(file: string): Readonly<Record<string, string>> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}
