// The monitor's document allows what it must and nothing else, and its state says of a run what its files say.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { monitorHtml, pageTexts } from './html';
import { flattened, monitorHead, monitorRows, settingsOf } from './state';
import { subjectKey, restoredSubject } from './panels';

vi.mock('vscode', () => import('../../../test/support/vscode'));
const texts = { language: 'de', texts: { 'Go on': '"><b>Weiter' } };
const parts = {
  title: 'a "<b>&',
  texts,
  cspSource: 'https://*.vscode-cdn.net',
  script: 'https://x/main.js?a&b',
  style: 'https://x/main.css',
};

describe('the document', () => {
  const html = monitorHtml(parts);
  it('has a policy without unsafe sources, and a new nonce every time', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const nonce = /script nonce="([\w-]{32})"/.exec(html)?.[1];
    expect(policy).toBe(
      `default-src 'none'; img-src ${parts.cspSource}; style-src ${parts.cspSource} 'nonce-${nonce}'; script-src 'nonce-${nonce}'; font-src ${parts.cspSource}`,
    );
    expect(monitorHtml(parts)).not.toContain(nonce);
  });

  it('escapes names', () => {
    expect(html).toContain('<title>a &quot;&lt;b&gt;&amp;</title>');
    expect(html).toContain('src="https://x/main.js?a&amp;b"');
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('data-texts="{&quot;Go on&quot;:&quot;\\&quot;&gt;&lt;b&gt;Weiter&quot;}"');
  });
});

describe("the page's texts", () => {
  const folder = path.resolve('l10n');

  it("are in the editor's language, or in its base language", () => {
    expect(pageTexts(folder, 'de')).toMatchObject({ language: 'de', texts: { Settings: 'Einstellungen' } });
    expect(pageTexts(folder, 'de-AT')).toMatchObject({ language: 'de-at', texts: { Settings: 'Einstellungen' } });
  });

  it.each(['en', 'en-gb', 'qps-ploc', '', '../de', 'de/../de', 'x'.repeat(99)])('are English for %j', (language) =>
    expect(pageTexts(folder, language)).toEqual({ language: 'en', texts: {} }),
  );

  it('do not ignore a damaged file', () => {
    const aside = mkdtempSync(path.join(tmpdir(), 'earthmover-words-'));
    onTestFinished(() => rmSync(aside, { recursive: true }));
    writeFileSync(path.join(aside, 'monitor.l10n.fr.json'), '{');
    expect(() => pageTexts(aside, 'fr')).toThrow(SyntaxError);
  });
});

describe('the subject of a panel', () => {
  it('is restored from its page: a run or a comparison', () => {
    expect(restoredSubject({ id: '/runs/a', zoom: null })).toEqual({ directories: ['/runs/a'] });
    expect(restoredSubject({ runs: ['/runs/b', '/runs/a'] })).toEqual({ directories: ['/runs/b', '/runs/a'] });
    expect(subjectKey({ directories: ['/b', '/a'] })).toBe(subjectKey({ directories: ['/a', '/b'] }));
  });

  it.each([
    null,
    'x',
    {},
    { id: 'runs/a' },
    { id: 5 },
    { runs: ['/a', 5] },
    { runs: ['/a', '../b'] },
    { runs: ['/a', '/a'] },
    { runs: Array.from({ length: 33 }, (_, i) => `/${i}`) },
  ])('is undefined for %j', (state) => expect(restoredSubject(state)).toBeUndefined());
});

describe('the state', () => {
  it('flattens settings', () => {
    const experiment = {
      name: 'x',
      critic: { width: 128 },
      samples: { grid: [8, 8] },
      constraint: [{ kind: 'clip', c: 0.01 }],
      metrics: [],
      ema: null,
      on: true,
    };
    expect(flattened(experiment)).toEqual([
      ['name', 'x'],
      ['critic.width', '128'],
      ['samples.grid', '8, 8'],
      ['constraint.0.kind', 'clip'],
      ['constraint.0.c', '0.01'],
      ['metrics', 'none'],
      ['ema', 'none'],
      ['on', 'true'],
    ]);
  });

  it('takes the estimate from the catalog, and accepts an objective of another version', () => {
    expect(monitorHead({ name: 'n', seed: 3, objective: { kind: 'non-saturating' } }, '', 'f')).toMatchObject({
      name: 'n',
      seed: 3,
      estimate: { label: 'JS', theory: { label: 'log 2', value: Math.LN2 } },
    });
    expect(monitorHead({ objective: { kind: 'wgan' } }, '', 'f')).toMatchObject({
      name: 'f',
      seed: null,
      estimate: { theory: null },
    });
    for (const objective of [{ kind: 'toString' }, null, 3]) {
      expect(monitorHead({ objective }, '', 'f').estimate).toMatchObject({ label: 'estimate', theory: null });
    }
  });

  it('has the value of the file for each setting', () => {
    const text = `{ // a comment
      "objective": "wgan", "constraint": { "kind": "gradient-penalty", "lambda": 10 },
      "optimizer": { "kind": "adam", "beta1": 0 }, "steps": 100, }`;
    const experiment = {
      objective: { kind: 'wgan' },
      constraint: [{ kind: 'gradient-penalty', lambda: 0.1, mode: 'two-sided' }],
      optimizer: { generator: { kind: 'adam', beta1: 0, beta2: 0.9 } },
      steps: 500,
      seed: 1,
    };
    const said = settingsOf(experiment, text).map(({ key, value, written }) => [key, value, written]);
    expect(said).toEqual([
      ['objective.kind', 'wgan', 'wgan'],
      ['constraint.0.kind', 'gradient-penalty', 'gradient-penalty'],
      ['constraint.0.lambda', '0.1', '10'],
      ['constraint.0.mode', 'two-sided', null],
      ['optimizer.generator.kind', 'adam', 'adam'],
      ['optimizer.generator.beta1', '0', '0'],
      ['optimizer.generator.beta2', '0.9', null],
      ['steps', '500', '100'],
      ['seed', '1', null],
    ]);
    for (const broken of ['', '{', 'null', '[1]', '"x"'])
      expect(settingsOf({ seed: 1 }, broken)).toEqual([{ key: 'seed', value: '1', written: null }]);
  });

  it('has rows in the format of the page', () => {
    const wallTime = Float64Array.of(1.5, 2.5);
    const estimate = Float32Array.of(1, NaN);
    const rows = monitorRows({ count: 2, step: Uint32Array.of(1, 4_000_000_000), wallTime, columns: { estimate } });
    expect(rows).toEqual({ step: Float64Array.of(1, 4e9), wallTime, values: { estimate } });
  });
});
