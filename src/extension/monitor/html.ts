// The monitor's HTML document, and the one that is shown until its code is loaded. The policy allows only its own
// script and style, the images of its runs, and images that the extension sends.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errno } from '../../files/errno';
import { readOrdinary } from '../../files/ordinaryFile';

interface PageParts {
  readonly title: string;
  readonly texts: PageTexts;
  /** The origin of the files that the extension serves to the page. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

export function monitorHtml({ title, texts, cspSource, script, style }: PageParts): string {
  const nonce = randomBytes(24).toString('base64url');
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource} data:`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(texts.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style nonce="${nonce}">${loadingStyle}</style>
<link rel="stylesheet" nonce="${nonce}" href="${escaped(style)}">
</head>
<body>
<div id="app" data-texts="${escaped(JSON.stringify(texts.texts))}">${loadingBar}</div>
<script nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

/** The document of a panel whose code is still loading: it looks like the page before its first message. */
export function loadingHtml(): string {
  const nonce = randomBytes(24).toString('base64url');
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">${loadingStyle}</style>
</head>
<body>${loadingBar}</body>
</html>
`;
}

const loadingBar = '<div class="loading"></div>';

/** The progress bar of VS Code, above the page, so that nothing moves when it goes. */
const loadingStyle = `
.loading { position: fixed; inset: 0 0 auto; z-index: 5; overflow: hidden; height: 2px; }
.loading::before { display: block; width: 2%; height: 100%; background: var(--vscode-progressBar-background); content: ''; animation: loading 4s linear infinite; }
@keyframes loading { from { transform: none; } 50% { transform: translateX(2500%) scaleX(3); } to { transform: translateX(4900%); } }
@media (prefers-reduced-motion: reduce) { .loading::before { width: 100%; animation: none; } }
body.vscode-reduce-motion .loading::before { width: 100%; animation: none; }
`;

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);

export interface PageTexts {
  /** The language of the page, as a BCP 47 tag. */
  readonly language: string;
  /** Translations by English text. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * The translations of the page from `monitor.l10n.<language>.json` in `folder`, which has the format of the bundles of
 * vscode.l10n. `language` is that of the editor, such as `de` or `pt-br`; `de-at` falls back to `de`, and all to
 * English.
 */
export function pageTexts(folder: string, language: string): PageTexts {
  const wanted = /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language) ? language.toLowerCase() : 'en';
  for (let tag = wanted; tag !== ''; tag = tag.replace(/(^|-)[^-]*$/, '')) {
    const texts = read(path.join(folder, `monitor.l10n.${tag}.json`));
    if (texts !== undefined) return { language: wanted, texts };
  }
  return { language: 'en', texts: {} };
}

function read(file: string): Readonly<Record<string, string>> | undefined {
  try {
    return JSON.parse(readOrdinary(file, 1 << 24, 'follow').toString('utf8')) as Record<string, string>;
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}
