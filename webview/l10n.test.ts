// The page can be read in other languages: no English is left outside of `t`, and every translation is whole.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pageTexts, textsOf } from '../scripts/lib/pageTexts.mjs';
import { divergences, metrics, objectives } from '../src/catalog';
import { noValue, createFormatters } from './format';
import { parseTranslations, translator } from './l10n';

/** What the page shows of the catalog: it comes with the run, or from the catalog itself. */
const estimates = [...Object.values(objectives), ...Object.values(divergences)].map(({ estimate }) => estimate);
const yielded = Object.values(metrics).flatMap(({ yields }) => Object.values<{ label: string; text: string }>(yields));
const ofCatalog = [
  ...estimates.flatMap((estimate) => [estimate.label, estimate.text, 'unit' in estimate ? estimate.unit : '']),
  ...yielded.flatMap(({ label, text }) => [label, text]),
  ...['critic loss', 'generator loss', 'critic updates in the step'],
  'The objective of this run is not known to this version.',
];

/** Formulas and names are the same in every language. */
const isWords = (text: string): boolean => /\p{L}{3}|\{/u.test(text);

const placesIn = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();

describe('the texts of the page', () => {
  const { texts, untranslated } = pageTexts();

  it('all go through t', () => expect(untranslated).toEqual([]));

  const files = readdirSync('l10n').filter((name) => name.startsWith('monitor.l10n.'));
  it.each(files)('are all in %s, with the same places for values, and nothing else is', (file) => {
    const bundle = JSON.parse(readFileSync(`l10n/${file}`, 'utf8')) as Record<string, string>;
    expect(Object.keys(bundle).sort()).toEqual([...new Set([...texts, ...ofCatalog.filter(isWords)])].sort());
    for (const [text, said] of Object.entries(bundle)) {
      expect([text, placesIn(said)]).toEqual([text, placesIn(text)]);
      expect(said.trim()).not.toBe('');
    }
  });

  it('would be missed where they do not', () => {
    const source = `import x from 'Some Module'; const a = h('p', { class: 'a b', title: 'Read me' }, 'word', t('Told {0}', count)); setText(b, \`\${n} left\`); throw new Error('Not shown at all');`;
    expect(textsOf('a.ts', source)).toEqual({
      texts: ['Told {0}'],
      untranslated: ['a.ts:1: Read me', 'a.ts:1: word', 'a.ts:1:  left'],
    });
  });
});

describe('a translation', () => {
  const t = translator({ '{0} of {1}': 'von {1} sind {0}', toString: 'x' });

  it('has the values in its own order, and lets through what it does not know', () => {
    expect(t('{0} of {1}', 3, '{1}')).toBe('von {1} sind 3');
    expect([t('{0} in {1}', 1, 2), t('{0} in {1}', 1), t('{0} as it stands'), t('valueOf')]).toEqual([
      '1 in 2',
      '1 in {1}',
      '{0} as it stands',
      'valueOf',
    ]);
  });

  it('is taken from the document as far as it is one', () => {
    expect(parseTranslations('{"a":"b","c":5,"__proto__":"d"}')).toEqual(
      Object.fromEntries([
        ['a', 'b'],
        ['__proto__', 'd'],
      ]),
    );
    for (const none of [undefined, 'null', '5', '[]']) expect(parseTranslations(none)).toEqual({});
  });
});

describe('numbers in German', () => {
  const { count, measured, round, percent, duration, stepRate } = createFormatters(
    'de',
    translator({ '{0} it/s': '{0} Schritte/s' }),
  );

  it('have their thousands and decimals apart as Germans do', () => {
    expect([
      count(12500),
      measured(3141.59),
      measured(-0.5084),
      measured(3.1416e-7),
      round(1.5e-4),
      round(0.25),
      round(-2e6),
    ]).toEqual(['12.500', '3.142', '−0,5084', '3,142e−7', '1,5e−4', '0,25', '−2e+6']);
    expect([percent(0.256), percent(NaN), stepRate(0.04425), duration(185)]).toEqual([
      '25,6\u00a0%',
      noValue,
      '22,6 Schritte/s',
      '3 min 05 s',
    ]);
  });
});
