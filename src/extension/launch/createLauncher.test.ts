// Starting trainers: what is left if none can be started.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { Uri } from '../../../test/support/vscode';
import { createRun } from '../../run/directory';
import { createLauncher, notTrainable } from './createLauncher';
import type { Launcher } from './launcherInterface';
import { startTrainer } from './trainerProcess';

vi.mock('vscode', () => import('../../../test/support/vscode'));
vi.mock('./trainerProcess', { spy: true });

const folder = scratch();
const file = () => path.join(folder(), 'ring.gan.json');
const run = () => path.join(folder(), 'run');

it.each<[string, (launcher: Launcher) => Promise<unknown>]>([
  ['trained', (launcher) => launcher.train(Uri.file(file()) as never)],
  ['resumed', (launcher) => launcher.resume(run())],
  ['forked', (launcher) => launcher.fork(run(), { step: 1, steps: 2, assignments: [] })],
])('lists no run that could not be %s', async (_, launch) => {
  const text = '{ "name": "ring", "data": { "source": "gaussians-ring" } }';
  fs.writeFileSync(file(), text);
  const manifest = {
    experiment: { name: 'ring' },
    source: { path: file(), text },
    versions: {},
    seed: 1,
    device: 'cpu',
  };
  createRun(run(), manifest, 10);
  const listed = new Set<string>();
  const runs = {
    expect({ directory }: { directory: string }) {
      listed.add(directory);
      return { dispose: () => listed.delete(directory) };
    },
    refresh: async () => {},
  };
  const launcher = createLauncher({
    context: {
      ...{ subscriptions: [], asAbsolutePath: (name: string) => name },
      ...{ globalStorageUri: Uri.file(folder()), logUri: Uri.file(folder()) },
    } as never,
    log: { info: () => {}, error: () => {} } as never,
    runs: runs as never,
    folders: { remember: () => {} },
    diagnostics: { forget: () => {}, show: () => {} } as never,
  });
  vi.mocked(startTrainer).mockRejectedValue(new Error('ENOSPC'));
  await expect(launch(launcher)).rejects.toThrow('ENOSPC');
  expect(listed).toEqual(new Set());
});

it('begins with the reason why an experiment cannot be trained, since a notification is cut at its end', () => {
  const reason = 'steps must be a whole number, got "many".';
  expect(notTrainable('ring.gan.json', reason, 0)).toBe(`${reason} Fix this to train ring.gan.json.`);
  expect(notTrainable('ring.gan.json', reason, 2)).toBe(`${reason} Fix this and 2 more to train ring.gan.json.`);
});
