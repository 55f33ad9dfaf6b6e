// The monitor's document: nothing but its own script and style, and pictures of its own run, may be loaded.
import { randomBytes } from 'node:crypto';
import type { PageWords } from './words';

export interface PageParts {
  readonly title: string;
  readonly words: PageWords;
  /** The origin of what the extension serves to the page. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

export function monitorHtml({ title, words, cspSource, script, style }: PageParts): string {
  const nonce = randomBytes(24).toString('base64url');
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource}`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(words.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" nonce="${nonce}" href="${escaped(style)}">
</head>
<body>
<div id="app" data-texts="${escaped(JSON.stringify(words.texts))}"></div>
<script nonce="${nonce}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);
