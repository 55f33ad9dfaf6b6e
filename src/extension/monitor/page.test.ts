// The monitor's document allows what it must and nothing else, and its messages are believed only when they are whole.
import { describe, expect, it } from 'vitest';
import { monitorHtml } from './html';
import { checkFromPage } from './messages';
import { flattened, monitorHead, monitorRows } from './state';

const parts = { title: 'a "<b>&', language: 'en', cspSource: 'https://*.vscode-cdn.net', script: 'https://x/main.js?a&b', style: 'https://x/main.css' }; // prettier-ignore

describe('the document', () => {
  const html = monitorHtml(parts);
  it('has a policy without unsafe words, and a nonce that is new every time', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const nonce = /script nonce="([\w-]{32})"/.exec(html)?.[1];
    expect(policy).toBe(
      `default-src 'none'; img-src ${parts.cspSource}; style-src ${parts.cspSource} 'nonce-${nonce}'; script-src 'nonce-${nonce}'; font-src ${parts.cspSource}`,
    );
    expect(monitorHtml(parts)).not.toContain(nonce);
  });

  it('carries names as text', () => {
    expect(html).toContain('<title>a &quot;&lt;b&gt;&amp;</title>');
    expect(html).toContain('src="https://x/main.js?a&amp;b"');
  });
});

describe('a message of the page', () => {
  it.each([
    { type: 'ready' },
    { type: 'control', command: 'pause' },
    { type: 'goOn' },
    { type: 'openSample', step: 200 },
    { type: 'openLog' },
    { type: 'openExperiment' },
    { type: 'reveal' },
  ])('is let through: %j', (message) => expect(checkFromPage({ ...message, more: 1 })).toEqual(message));

  it.each([
    null,
    'ready',
    {},
    { type: 'toString' },
    { type: 'control', command: 'toString' },
    { type: 'control' },
    { type: 'openSample', step: '../x' },
    { type: 'openSample', step: -1 },
    { type: 'openSample', step: 1.5 },
  ])('is refused: %j', (message) => expect(checkFromPage(message)).toBeUndefined());
});

describe('the state', () => {
  it('flattens settings', () => {
    const experiment = { name: 'x', critic: { width: 128 }, samples: { grid: [8, 8] }, constraint: [{ kind: 'clip', c: 0.01 }], measures: [], ema: null, on: true }; // prettier-ignore
    expect(flattened(experiment)).toEqual([
      ['name', 'x'],
      ['critic.width', '128'],
      ['samples.grid', '8, 8'],
      ['constraint.0.kind', 'clip'],
      ['constraint.0.c', '0.01'],
      ['measures', 'none'],
      ['ema', 'none'],
      ['on', 'true'],
    ]);
  });

  it('takes the estimate from the catalog, and bears an objective of another version', () => {
    expect(monitorHead({ name: 'n', objective: { kind: 'non-saturating' } }, 'f')).toMatchObject({
      name: 'n',
      estimate: { label: 'JS', theory: { label: 'log 2', value: Math.LN2 } },
    });
    expect(monitorHead({ objective: { kind: 'wgan' } }, 'f')).toMatchObject({ name: 'f', estimate: { theory: null } });
    for (const objective of [{ kind: 'toString' }, null, 3]) {
      expect(monitorHead({ objective }, 'f').estimate).toMatchObject({ label: 'estimate', theory: null });
    }
  });

  it('has rows as the page takes them', () => {
    const wallTime = Float64Array.of(1.5, 2.5);
    const estimate = Float32Array.of(1, NaN);
    const rows = monitorRows({ count: 2, step: Uint32Array.of(1, 4_000_000_000), wallTime, columns: { estimate } });
    expect(rows).toEqual({ step: Float64Array.of(1, 4e9), wallTime, values: { estimate } });
  });
});
