// Every text of the page can be translated, and every translation is complete.
import { describe, expect, it } from 'vitest';
import { divergences, metrics, objectives, studies } from '../src/catalog';
import { readdirSync, readFileSync } from 'node:fs';
import { comparedFeatureFields, comparedFields } from '../src/protocol/metricProtocol';
import { pageTexts, textsOf } from '../scripts/lib/pageTexts.mjs';
import { parseTranslations, translator } from './l10n';

/** The catalog's texts that the page shows. */
const estimates = [...Object.values(objectives), ...Object.values(divergences)].map(({ estimate }) => estimate);
const metricTexts = Object.values(metrics).flatMap(({ yields }) =>
  Object.values<{ label: string; text: string }>(yields),
);
const catalogTexts = [
  ...estimates.flatMap((estimate) => [estimate.label, estimate.text, 'unit' in estimate ? estimate.unit : '']),
  ...metricTexts.flatMap(({ label, text }) => [label, text]),
  ...Object.values(studies).flatMap(({ title, claim }) => [title, claim]),
  ...Object.values({ ...comparedFields, ...comparedFeatureFields }),
  ...['held-out', 'training', 'distribution'],
  ...['critic loss', 'generator loss', 'critic updates per step', 'cosine of critic step and gradient'],
  "This version of Earthmover does not support this run's objective.",
];

/** Formulas and names are not translated. */
const isWords = (text: string): boolean => /\p{L}{3}|\{/u.test(text);

const placeholdersIn = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();

describe('texts of the page', () => {
  const { texts, untranslated } = pageTexts();

  it('are all passed to t()', () => expect(untranslated).toEqual([]));

  const files = readdirSync('l10n').filter((name) => name.startsWith('monitor.l10n.'));
  it.each(files)('are exactly the keys of %s, with the same placeholders', (file) => {
    const bundle = JSON.parse(readFileSync(`l10n/${file}`, 'utf8')) as Record<string, string>;
    expect(Object.keys(bundle).sort()).toEqual([...new Set([...texts, ...catalogTexts.filter(isWords)])].sort());
    for (const [text, translation] of Object.entries(bundle)) {
      expect([text, placeholdersIn(translation)]).toEqual([text, placeholdersIn(text)]);
      expect(translation.trim()).not.toBe('');
    }
  });

  it('are reported if they are not passed to t()', () => {
    const source = [
      `import x from 'Some Module'`,
      `const a = h('p', { class: 'a b', title: 'Read me' }, 'word', t('Counted {0} ' + 'times', count))`,
      'setText(b, `${n} left`)',
      `throw new Error('Not shown at all')`,
    ].join('; ');
    expect(textsOf('a.ts', source)).toEqual({
      texts: ['Counted {0} times'],
      untranslated: ['a.ts:1: Read me', 'a.ts:1: word', 'a.ts:1:  left'],
    });
  });
});

describe('translation', () => {
  const t = translator({ '{0} of {1}': 'von {1} sind {0}', toString: 'x' });

  it('inserts values for placeholders, and returns unknown texts unchanged', () => {
    expect(t('{0} of {1}', 3, '{1}')).toBe('von {1} sind 3');
    expect([t('{0} in {1}', 1, 2), t('{0} in {1}', 1), t('{0} without a value'), t('valueOf')]).toEqual([
      '1 in 2',
      '1 in {1}',
      '{0} without a value',
      'valueOf',
    ]);
  });

  it('ignores values that are not strings, and documents without translations', () => {
    expect(parseTranslations('{"a":"b","c":5,"__proto__":"d"}')).toEqual(
      Object.fromEntries([
        ['a', 'b'],
        ['__proto__', 'd'],
      ]),
    );
    for (const none of [undefined, 'null', '5', '[]']) expect(parseTranslations(none)).toEqual({});
  });
});
