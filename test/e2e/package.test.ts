// The content of the package as VS Code installs it: complete for this platform, and nothing for others.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { models } from './support/experiments';
import { inVsCode } from './support/inVsCode';
import { pathWithoutNode } from './support/server';
import { tools } from './support/tools';
import { workspace } from './support/workspace';

/** The first bytes of a program or library give its format, and the architecture (in ELF at byte 18). */
const kinds: Readonly<Record<string, (head: Buffer) => string>> = {
  '7f454c46': (head) => `elf ${head.readUInt16LE(18)}`,
  cffaedfe: (head) => `mach-o ${head.readUInt32LE(4)}`,
  '4d5a9000': () => 'windows',
};

/** x86-64 and AArch64 by their numbers in ELF and Mach-O. */
const ownKind: Readonly<Record<string, string>> = {
  'linux-x64': 'elf 62',
  'linux-arm64': 'elf 183',
  'darwin-arm64': 'mach-o 16777228',
};

inVsCode('the packaged extension', {}, (_open, server) => {
  const files = () =>
    readdirSync(server().extension, { recursive: true, encoding: 'utf8' }).filter((file) =>
      statSync(path.join(server().extension, file)).isFile(),
    );

  test('has native files for this platform only', () => {
    const native = files().flatMap((file) => {
      const head = readFileSync(path.join(server().extension, file)).subarray(0, 20);
      const kind = head.length < 20 ? undefined : kinds[head.subarray(0, 4).toString('hex')];
      return kind ? [{ file, kind: kind(head) }] : [];
    });
    const own = ownKind[`${process.platform}-${process.arch}`];
    expect(native.filter(({ kind }) => kind !== own)).toEqual([]);
    const packages = native.map(({ file }) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
    const target = `${process.platform}-${process.arch}`;
    expect([...new Set(packages)].sort()).toEqual([
      `@esbuild/${target}`,
      `@img/sharp-libvips-${target}`,
      `@img/sharp-${target}`,
      `@koromix/koffi-${target}`,
      'onnxruntime-node',
    ]);
  });

  test('is small, without sources, source maps or tests', () => {
    expect(statSync(tools().vsix).size).toBeLessThan(60 * 2 ** 20);
    expect(files().filter((file) => /\.(map|tsx?|test\.\w+)$/.test(file) && !file.startsWith('examples/'))).toEqual([]);
    const own = files().filter((file) => !file.startsWith('dist/node_modules/'));
    expect(own.filter((file) => /(^|\/)src\//.test(file))).toEqual([]);
    expect(files().filter((file) => /(^|\/)(test|\.git|\.earthmover)\//.test(file))).toEqual([]);
  });

  test('loads schema, linter and prefetching lazily', () => {
    const [first, lazy] = ['extension', 'lazy'].map((name) =>
      readFileSync(path.join(server().extension, 'dist', `${name}.cjs`), 'utf8'),
    );
    for (const needed of [
      'ZodError',
      'lintExperiment',
      'feedMonitor',
      'pickRun',
      'reportStartupFailure',
      'evaluationMetrics',
    ]) {
      expect([needed, new RegExp(`function ${needed}|${needed} ?=`).test(lazy)]).toEqual([needed, true]);
      expect([needed, new RegExp(`function ${needed}|${needed} ?=`).test(first)]).toEqual([needed, false]);
    }
    expect(first.length).toBeLessThan(140_000);
  });

  test('names the license of every package that it contains', () => {
    const notices = readFileSync(path.join(server().extension, 'ThirdPartyNotices.txt'), 'utf8');
    const packed = files().flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
    for (const name of new Set([...packed, '@tensorflow/tfjs-core', 'jsonc-parser'])) {
      expect(notices, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
    }
  });

  test('refers only to files that it contains', () => {
    const manifest = JSON.parse(readFileSync(path.join(server().extension, 'package.json'), 'utf8')) as object;
    // Every string that looks like a path: the icon, the schema, images of views and the walkthrough, snippets.
    const named = strings(manifest).filter((text) => /^(\.\/)?(dist|media|docs|snippets)\/[\w./-]+$/.test(text));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !existsSync(path.join(server().extension, name)))).toEqual([]);
    const texts = strings(manifest).flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);
    if (texts.length > 0) expect(Object.keys(translations(server().extension))).toEqual(expect.arrayContaining(texts));
  });

  test('has a page for users, whose pictures and links, as those of all documents, lead into the package', () => {
    const { extension } = server();
    const textOf = (file: string) => readFileSync(path.join(extension, file), 'utf8');
    const documents = files().filter((file) => /^[^/]+\.md$|^docs\/.*\.md$/i.test(file));
    expect(documents).toContain('readme.md');
    const broken = documents.flatMap((file) =>
      [...textOf(file).matchAll(/\]\((?!https:)([^)#\s]+)[^)]*\)|(?:src|href)="(?!https:)([^"#]+)[^"]*"/g)]
        .filter(([, link, source]) => !existsSync(path.join(extension, path.dirname(file), link ?? source)))
        .map(([found]) => `${file}: ${found}`),
    );
    expect(broken).toEqual([]);
    expect(textOf('readme.md').match(/!\[[^\]]+\]\(/g)?.length).toBeGreaterThan(1);
    expect(textOf('readme.md')).not.toContain('npm ');
    expect(textOf('changelog.md')).toMatch(/^## \d+\.\d+\.\d+$/m);
  });

  test('trains without Node.js on the PATH, with an editor that acts as Node.js only if ELECTRON_RUN_AS_NODE is set', () => {
    const { extension } = server();
    const space = workspace({
      'a.gan.json': {
        data: { source: 'gaussians-ring' },
        critic: { module: './models.ts', export: 'judge' },
        device: 'auto',
        steps: 3,
        samples: { every: 3 },
        checkpoints: { every: 3 },
      },
      'models.ts': models,
    });
    onTestFinished(() => space.remove());
    const run = path.join(space.folder, 'run');
    const env = { PATH: pathWithoutNode(path.join(space.folder, 'programs')), HOME: space.folder };
    expect(() => execFileSync('node', ['--version'], { env, stdio: 'pipe' })).toThrow('ENOENT');
    const train = [path.join(extension, 'dist', 'cli.cjs'), 'train', 'a.gan.json', '--out', run];
    const editor = electronLike(space.folder);
    const start = (more: object) =>
      execFileSync(editor, train, { cwd: space.folder, env: { ...env, ...more }, stdio: 'pipe' });
    expect(() => start({})).toThrow('An editor window would open');
    start({ ELECTRON_RUN_AS_NODE: '1' });
    expect(existsSync(path.join(run, 'samples', 'step-3.png'))).toBe(true);
    expect(existsSync(path.join(run, 'checkpoints', 'step-3'))).toBe(true);
  });
});

/** A program like the desktop editor: it is Node if ELECTRON_RUN_AS_NODE is set, also for its child processes. */
function electronLike(folder: string): string {
  const editor = path.join(folder, 'electron');
  const own = path.join(folder, 'electron.cjs');
  writeFileSync(own, `process.execPath = ${JSON.stringify(editor)};`);
  const lines = [
    '#!/bin/sh',
    '[ "$ELECTRON_RUN_AS_NODE" = 1 ] || { echo An editor window would open >&2; exit 1; }',
    `exec "${tools().workbench.node}" --require "${own}" "$@"`,
  ];
  writeFileSync(editor, `${lines.join('\n')}\n`, { mode: 0o755 });
  return editor;
}

/** Every string in a JSON value. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** The texts to which the keys in package.json refer. */
function translations(extension: string): object {
  return JSON.parse(readFileSync(path.join(extension, 'package.nls.json'), 'utf8')) as object;
}
