// A trainer's process: detached, with its output in a log and an environment that is independent of VS Code.
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import { startTrainer, threadsLeavingOneCore, trainerEnvironment } from './trainerProcess';

const script = scratch('cli.cjs');
const log = scratch('run/log.txt');

function start(source: string, node = process.execPath) {
  fs.mkdirSync(log().replace(/run\/log.txt$/, ''), { recursive: true });
  fs.writeFileSync(script(), source);
  return startTrainer({
    node,
    script: script(),
    args: ['train', 'a b.gan.json'],
    cwd: '/',
    packages: '/packages',
    log: log(),
  });
}

describe('a trainer', () => {
  it('gets its arguments unchanged, runs as Node, and logs stdout and stderr', async () => {
    const trainer = await start(
      'console.log(JSON.stringify(process.argv.slice(2)), process.env.ELECTRON_RUN_AS_NODE, process.cwd()); console.error("oh"); process.exitCode = 2;',
    );
    expect(await trainer.exited).toEqual({ code: 2 });
    expect(fs.readFileSync(log(), 'utf8')).toBe('["train","a b.gan.json"] 1 /\noh\n');
  });

  it.skipIf(process.platform === 'win32')('leads its own process group, so that it survives the editor', async () => {
    const trainer = await start('setTimeout(() => {}, 60_000)');
    // A negative id is that of a process group, which its leader has founded.
    expect(() => process.kill(-trainer.pid!, 0)).not.toThrow();
    process.kill(trainer.pid!, 'SIGKILL');
    expect(await trainer.exited).toEqual({ signal: 'SIGKILL' });
  });

  it('reports the reason if it cannot be started', async () => {
    const trainer = await start('', '/no/such/node');
    expect(trainer.pid).toBeUndefined();
    expect(await trainer.exited).toMatchObject({ notStarted: { code: 'ENOENT' } });
  });

  it("does not inherit the editor's environment variables", () => {
    const own = {
      PATH: '/bin',
      VSCODE_IPC_HOOK: 'x',
      VSCODE_INSPECTOR_OPTIONS: '{}',
      NODE_OPTIONS: '--require "/x/ms-vscode.js-debug/bootloader.js"',
    };
    expect(trainerEnvironment(own, '/packages')).toEqual({
      PATH: '/bin',
      ELECTRON_RUN_AS_NODE: '1',
      EARTHMOVER_PACKAGES: '/packages',
    });
    // An existing setting is kept.
    expect(trainerEnvironment({ EARTHMOVER_PACKAGES: '/own' }, '/packages')).toMatchObject({
      EARTHMOVER_PACKAGES: '/own',
    });
    const kept = '--max-old-space-size=8192';
    expect(trainerEnvironment({ NODE_OPTIONS: kept }, '/packages')).toMatchObject({ NODE_OPTIONS: kept });
  });

  it.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [9, 8],
    [64, 8],
  ])('on %i cores uses %i threads', (cores, threads) => expect(threadsLeavingOneCore(cores)).toBe(threads));
});
