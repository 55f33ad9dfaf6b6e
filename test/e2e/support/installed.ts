// Other extensions that a test installs, and a display language.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface OwnExtension {
  readonly name: string;
  readonly contributes: object;
  /** Its code, as CommonJS. */
  readonly main: string;
}

const publisher = 'earthmover-tests';

/** Adds an extension to a folder of extensions. */
export function addExtension(extensions: string, { name, contributes, main }: OwnExtension): void {
  const version = '1.0.0';
  const folder = `${publisher}.${name}-${version}`;
  const at = path.join(extensions, folder);
  mkdirSync(at, { recursive: true });
  const manifest = { name, publisher, version, engines: { vscode: '^1.100.0' }, main: './main.cjs', contributes };
  const capabilities = { untrustedWorkspaces: { supported: true } };
  writeFileSync(path.join(at, 'package.json'), JSON.stringify({ ...manifest, capabilities }));
  writeFileSync(path.join(at, 'main.cjs'), main);
  const list = path.join(extensions, 'extensions.json');
  const listed = JSON.parse(readFileSync(list, 'utf8')) as object[];
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, path: at, scheme: 'file' },
    relativeLocation: folder,
  };
  writeFileSync(list, JSON.stringify([...listed, entry]));
}

/**
 * Registers a language pack that translates nothing of VS Code: its own texts stay English, but the display language is
 * this one, and extensions bring their own translations. The real packs are in the marketplace alone.
 */
export function addLanguage(userData: string, language: string): void {
  const texts = path.join(userData, `${language}.i18n.json`);
  writeFileSync(texts, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: `${publisher}.${language}` }, version: '1.0.0' }];
  const pack = { hash: 'tests', extensions, translations: { vscode: texts }, label: language };
  writeFileSync(path.join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}
