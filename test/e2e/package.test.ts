// What is in the package, as VS Code installed it: all that runs, for this platform, and nothing for others.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inVsCode } from './support/inVsCode';
import { tools } from './support/tools';
import { workspace } from './support/workspace';

/** The first bytes of a program or library: its format, and in ELF at byte 18 the machine it is for. */
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

  test('has the native files of this platform and of no other', () => {
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
      'onnxruntime-node',
    ]);
  });

  test('is small, and holds no sources, no maps and no tests', () => {
    expect(statSync(tools().vsix).size).toBeLessThan(60 * 2 ** 20);
    expect(files().filter((file) => /\.(map|tsx?|test\.\w+)$/.test(file) && !file.startsWith('examples/'))).toEqual([]);
    expect(
      files().filter((file) => /(^|\/)(src|test|\.git|\.earthmover)\//.test(file.replace('dist/node_modules', ''))),
    ).toEqual([]);
  });

  test('names the licence of every package in it', () => {
    const notices = readFileSync(path.join(server().extension, 'ThirdPartyNotices.txt'), 'utf8');
    const packed = files().flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
    for (const name of new Set([...packed, '@tensorflow/tfjs-core', 'jsonc-parser'])) {
      expect(notices, name).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
    }
  });

  test('trains by itself, far from any node_modules, with the Node of the editor', () => {
    const space = workspace({ 'a.gan.json': { data: { source: 'gaussians-ring' }, steps: 3, samples: { every: 3 } } });
    onTestFinished(() => space.remove());
    const run = path.join(space.folder, 'run');
    const cli = path.join(server().extension, 'dist', 'cli.cjs');
    execFileSync(tools().workbench.node, [cli, 'train', 'a.gan.json', '--out', run], {
      cwd: space.folder,
      stdio: 'pipe',
    });
    expect(existsSync(path.join(run, 'samples', 'step-3.png'))).toBe(true);
  });
});
