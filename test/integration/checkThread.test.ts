// Experiment and sweep files are checked in a thread: the extension host reads no file while the user types.
import fs, { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createCheckThread } from '../../src/extension/experiments/checkThread';

const script = path.join(__dirname, '../../dist/check-worker.cjs');

function scratch(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'em-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

function threadOf(options: { readonly script: string; readonly limitMs?: number }) {
  const thread = createCheckThread(options);
  onTestFinished(() => thread.dispose());
  return thread;
}

const ring = '{ "data": { "source": "gaussians-ring" }, "critic": { "module": "./critics.ts", "export": "critic" } }';

it('finds missing model files of an experiment and of the trials of a sweep, without a file access in this thread', async () => {
  const folder = scratch({ 'critic.ts': '', 'a.gan.json': ring });
  const thread = threadOf({ script });
  const calls: string[] = [];
  for (const name of ['openSync', 'readFileSync', 'readdirSync', 'statSync', 'lstatSync'] as const)
    vi.spyOn(fs, name).mockImplementation(((file: unknown) => {
      calls.push(`${name} ${String(file)}`);
      throw new Error('blocked');
    }) as never);
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  const sweep = '{ "experiment": "./a.gan.json", "over": { "batchSize": [32, 64] } }';
  const found = await thread.ask({ text: ring, file: path.join(folder, 'a.gan.json') });
  const ofSweep = await thread.ask({ text: sweep, file: path.join(folder, 'a.sweep.json') });
  expect(found.problems.map(({ code, fixes }) => [code, fixes?.[0]?.title])).toEqual([
    ['model-missing', 'Use ./critic.ts'],
  ]);
  expect(ofSweep.problems.map(({ message }) => message)[0]).toContain('critics.ts');
  expect(calls.filter((call) => call.includes(folder))).toEqual([]);
});

it('applies all fixes', async () => {
  const folder = scratch({ 'critic.ts': '' });
  const { fixed } = await threadOf({ script }).ask({ text: ring, file: path.join(folder, 'a.gan.json'), fix: 'all' });
  expect(fixed).toBe(ring.replace('critics.ts', 'critic.ts'));
});

it('finds nothing on a disk that does not answer, and answers again when it does', async () => {
  const folder = scratch({});
  const asleep = path.join(folder, 'asleep');
  writeFileSync(asleep, '');
  const waiting = path.join(folder, 'waiting.cjs');
  // Stands for a file access that never returns.
  writeFileSync(
    waiting,
    `if (require('node:fs').existsSync(${JSON.stringify(asleep)})) for (;;);
     require(${JSON.stringify(script)});`,
  );
  const thread = threadOf({ script: waiting, limitMs: 3000 });
  const request = { text: ring, file: path.join(folder, 'a.gan.json') };
  expect(await thread.ask(request)).toEqual({ problems: [], fixed: null });
  rmSync(asleep);
  await vi.waitFor(async () => expect((await thread.ask(request)).problems).toHaveLength(1), { timeout: 60_000 });
});
