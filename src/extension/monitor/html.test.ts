// The monitor's document: its policy, escaping, and translations.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { monitorHtml, pageTexts } from './html';

const texts = { language: 'de', texts: { Resume: '"><b>Weiter' } };
const parts = {
  title: 'a "<b>&',
  texts,
  cspSource: 'https://*.vscode-cdn.net',
  script: 'https://x/main.js?a&b',
  style: 'https://x/main.css',
};

describe('the document', () => {
  const html = monitorHtml(parts);
  it('has a content security policy without unsafe sources, and a new nonce every time', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const nonce = /script nonce="([\w-]{32})"/.exec(html)?.[1];
    expect(policy).toBe(
      `default-src 'none'; img-src ${parts.cspSource} data:; style-src ${parts.cspSource} 'nonce-${nonce}'; script-src 'nonce-${nonce}'; font-src ${parts.cspSource}`,
    );
    expect(monitorHtml(parts)).not.toContain(nonce);
  });

  it('escapes names', () => {
    expect(html).toContain('<title>a &quot;&lt;b&gt;&amp;</title>');
    expect(html).toContain('src="https://x/main.js?a&amp;b"');
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('data-texts="{&quot;Resume&quot;:&quot;\\&quot;&gt;&lt;b&gt;Weiter&quot;}"');
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

  it('throw if their file is damaged', () => {
    const damaged = mkdtempSync(path.join(tmpdir(), 'earthmover-texts-'));
    onTestFinished(() => rmSync(damaged, { recursive: true }));
    writeFileSync(path.join(damaged, 'monitor.l10n.fr.json'), '{');
    expect(() => pageTexts(damaged, 'fr')).toThrow(SyntaxError);
  });
});
