// The files that package.json contributes: valid snippets, and walkthrough steps whose images and commands exist.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it, vi } from 'vitest';
import { lintExperiment, parseExperiment } from '../../../src/experiment';
import { sweepLensesOf } from '../../../src/extension/codeLens/sweep';
import { commandIds, doneContexts } from '../../../src/extension/ids';
import { findModels } from '../../../src/extension/models/findModels';
import { evidentRole } from '../../../src/extension/models/shapes';

vi.mock('vscode', () => import('../../support/vscode'));

const root = path.join(__dirname, '../../..');
const texts = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8'));
const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
const { contributes } = JSON.parse(manifest.replace(/"%([\w.-]+)%"/g, (_, key: string) => JSON.stringify(texts[key])));

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}
interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}
const snippetsOf = (file: string): [string, Snippet][] =>
  Object.entries(JSON.parse(readFileSync(path.join(root, file), 'utf8')));

/** The text that a snippet inserts, with defaults and first choices. */
const inserted = ({ body }: Snippet): string =>
  body
    .join('\n')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\d/g, '');

describe('snippets', () => {
  it.each(snippetsOf('snippets/experiments.json'))('%s is an experiment without problems', (_, snippet) => {
    const parsed = parseExperiment(inserted(snippet), 'a.gan.json');
    expect([...parsed.problems, ...lintExperiment(parsed)]).toEqual([]);
  });

  const models = ['typescript', 'javascript'].flatMap((language) =>
    snippetsOf(`snippets/models.${language}.json`)
      .filter(([, { prefix }]) => prefix !== 'gan-import')
      .map(([name, snippet]) => [`${name} in ${language}`, snippet, language] as const),
  );
  it.each(models)('%s parses and is recognized as a model with its role', (_, snippet, language) => {
    const text = `import * as tf from '@tensorflow/tfjs';\n${inserted(snippet)}\n`;
    const [model, ...others] = findModels(text).models;
    expect(others).toEqual([]);
    expect(evidentRole(model)).toBe(snippet.prefix.includes('critic') ? 'critic' : 'generator');
    const fileName = language === 'typescript' ? 'a.ts' : 'a.js';
    const { diagnostics = [] } = ts.transpileModule(text, {
      fileName,
      reportDiagnostics: true,
      compilerOptions: { allowJs: true },
    });
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  });

  it('exist at the paths in package.json', () => {
    for (const { path: file } of contributes.snippets) expect(existsSync(path.join(root, file))).toBe(true);
  });
});

describe('the walkthrough', () => {
  const [{ steps }] = contributes.walkthroughs;
  it.each(steps as Step[])('$id has an image in theme colors and commands', (step) => {
    const image = readFileSync(path.join(root, step.media.svg), 'utf8');
    const colors = [...image.matchAll(/(?:stroke|fill)="([^"]*)"/g)].map(([, color]) => color);
    expect(colors.every((color) => color === 'none' || color.startsWith('var(--vscode-'))).toBe(true);
    expect(step.media.altText.length).toBeGreaterThan(20);
    const commands = [...step.description.matchAll(/command:([\w.]+)/g)];
    expect(commands.length).toBeGreaterThan(0);
    for (const [, command] of commands) expect(Object.values<string>(commandIds)).toContain(command);
  });

  it('ticks each step when what it describes has happened, not when a command or a view is opened', () => {
    const events = (steps as Step[]).map(({ id, completionEvents }) => [id, ...completionEvents]);
    expect(events).toEqual(Object.entries(doneContexts).map(([id, key]) => [id, `onContext:${key}`]));
  });

  it('has no Markdown that VS Code shows as it is written', () => {
    for (const step of steps as Step[]) expect(step.description).not.toContain('`');
  });
});

describe('the empty Runs view', () => {
  const views: { contents: string; when: string }[] = contributes.viewsWelcome;
  const trusted = views.filter(({ when }) => !when.includes('!isWorkspaceTrusted'));

  it('says what a GAN is, and links to the walkthrough and to pages that need no experiment', () => {
    expect(trusted).toHaveLength(2);
    const [{ id }] = contributes.walkthroughs;
    const walkthrough = encodeURIComponent(JSON.stringify(`earthmover.earthmover#${id}`));
    for (const { contents } of trusted) {
      expect(contents).toMatch(/generator .* critic /);
      expect(contents).toContain(`(command:workbench.action.openWalkthrough?${walkthrough})`);
      expect(contents).toContain(`(command:${commandIds.exploreDistances})`);
    }
  });

  it('names commands that exist', () => {
    const linked = views.flatMap(({ contents }) => [...contents.matchAll(/command:(earthmover[\w.]+)/g)]);
    for (const [, command] of linked) expect(Object.values<string>(commandIds)).toContain(command);
  });
});

it('a CodeLens has the name of its command in the Command Palette', () => {
  const titleOf = (id: string): string =>
    contributes.commands.find(({ command }: { command: string }) => command === id).title;
  for (const { title, command } of sweepLensesOf('file:///w/a.sweep.json'))
    expect(title.replace('▶ ', '').toLowerCase()).toBe(titleOf(command).toLowerCase());
});

describe('activation', () => {
  const { activationEvents }: { activationEvents: string[] } = JSON.parse(manifest);

  it('happens wherever an experiment is opened: created later, outside of a folder, in JSON with comments only', () => {
    // A .gan.json file is "jsonc" by our own pattern, and "json" where the user says so.
    expect(activationEvents).toEqual(expect.arrayContaining(['onLanguage:jsonc', 'onLanguage:json']));
    for (const kind of ['gan', 'sweep'])
      for (const extension of ['json', 'jsonc'])
        expect(activationEvents).toContain(`workspaceContains:**/*.${kind}.${extension}`);
  });

  it('offers training in menus for files on disk only, not for earlier versions of them', () => {
    const menus = Object.values<{ when?: string }[]>(contributes.menus).flat();
    const ofFiles = menus.filter(({ when }) => when?.includes('resourceFilename'));
    expect(ofFiles.length).toBeGreaterThan(8);
    for (const { when } of ofFiles) expect(when).toContain('resourceScheme == file');
  });
});

it('the page of the extension names commands, and the version of VS Code, as they are', () => {
  const page = readFileSync(path.join(root, 'MARKETPLACE.md'), 'utf8');
  const [, table] = /^## Commands\n([^]*?)^## /m.exec(page)!;
  const named = [...table.matchAll(/\*\*(.+?)\*\*/g)].map(([, name]) => name);
  const titles = contributes.commands.map(({ title }: { title: string }) => title.replace('…', ''));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !titles.includes(name))).toEqual([]);
  expect(page).toContain(`Visual Studio Code ${JSON.parse(manifest).engines.vscode.match(/\d+\.\d+/)[0]} or newer`);
});
