// Running the command line: its events, and its errors.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { Uri } from '../../../test/support/vscode';
import { runCommandLine } from './runCommandLine';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const folder = scratch();

/** Runs a command line with this code; resolves to its events. */
async function run(code: string): Promise<unknown[]> {
  mkdirSync(path.join(folder(), 'dist'), { recursive: true });
  writeFileSync(path.join(folder(), 'dist', 'cli.cjs'), code);
  const context = { asAbsolutePath: (name: string) => path.join(folder(), name), globalStorageUri: Uri.file(folder()) };
  const events: unknown[] = [];
  const options = {
    cwd: folder(),
    signal: new AbortController().signal,
    onEvent: (event: unknown) => events.push(event),
  };
  await runCommandLine(context as never, ['doctor', '--json'], options);
  return events;
}

it('gives each event that it prints, and no other line or part of one', async () => {
  const lines = ['{"event":"a"}', 'text', '[1]', '{"event":"b","n":1}', '{"event":"cut'].join('\n');
  expect(await run(`process.stdout.write(${JSON.stringify(lines)});`)).toEqual([{ event: 'a' }, { event: 'b', n: 1 }]);
});

it('throws its error message, or its exit code', async () => {
  await expect(run(`process.stderr.write('error   The disk is full.\\n'); process.exitCode = 3;`)).rejects.toThrow(
    /^The disk is full\.$/,
  );
  await expect(run('process.exitCode = 3;')).rejects.toThrow('exit code 3');
  // A letter whose bytes come one by one.
  const slowly = `process.exitCode = 3;
    const [first, second] = Buffer.from('é');
    process.stderr.write(Buffer.of(first));
    setTimeout(() => process.stderr.write(Buffer.of(second)), 100);`;
  await expect(run(slowly)).rejects.toThrow(/^é$/);
});
