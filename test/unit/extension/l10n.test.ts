// Every text of the extension and of package.json is in the bundles, and the German ones are complete.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { allTexts, textsIn } from '../../../scripts/l10n.mjs';

const root = path.join(__dirname, '../../..');
const read = (file: string): Record<string, string> => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const placeholders = (text: string) =>
  [...text.matchAll(/\{\d+\}|\(command:[\w.]+\)|`[^`]+`/g)].map(([match]) => match).sort();

describe('translatable texts in the code', () => {
  it('are exactly those in the bundle', () => {
    expect(Object.keys(read('l10n/bundle.l10n.json'))).toEqual(allTexts());
  });

  it('are all translated to German, with the same placeholders', () => {
    const german = read('l10n/bundle.l10n.de.json');
    expect(Object.keys(german)).toEqual(allTexts());
    for (const [text, translated] of Object.entries(german))
      expect(placeholders(translated)).toEqual(placeholders(text));
  });

  it('are string literals, so that they can be extracted', () => {
    expect(textsIn("vscode.l10n.t('a {0}', x); t('b'); other.t('c')", 'a.ts')).toEqual(['a {0}', 'b']);
    expect(() => textsIn('vscode.l10n.t(`a ${x}`)', 'a.ts')).toThrow('a.ts: `a ${x}` is not a string literal');
  });
});

describe('the texts in package.json', () => {
  const used = [...readFileSync(path.join(root, 'package.json'), 'utf8').matchAll(/"%([\w.-]+)%"/g)].map(
    ([, key]) => key,
  );
  it.each(['package.nls.json', 'package.nls.de.json'])('are exactly those in %s', (file) => {
    expect(Object.keys(read(file)).sort()).toEqual([...new Set(used)].sort());
  });

  it('keep commands and code in German', () => {
    const [english, german] = [read('package.nls.json'), read('package.nls.de.json')];
    for (const [key, text] of Object.entries(english))
      expect([key, placeholders(german[key])]).toEqual([key, placeholders(text)]);
  });
});
