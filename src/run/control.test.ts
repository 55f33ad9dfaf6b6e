// Commands are delivered in order and once, and a stray file never ends a training run.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { clearCommands, createCommandReceiver, sendCommand, waitForAcknowledgment } from './control';
import { startStatus } from './status';

const folder = scratch();
const control = (...names: string[]) => path.join(folder(), 'control', ...names);

function startRun() {
  fs.mkdirSync(control());
  return startStatus(folder(), { attempt: 1, step: 0, steps: 10 });
}

describe('sending a command', () => {
  it('delivers commands in order, once, and leaves nothing behind', async () => {
    startRun();
    const kinds = ['pause', 'sample', 'resume', 'checkpoint', 'stop', 'pause', 'resume', 'stop'] as const;
    const ids: string[] = [];
    for (const kind of kinds) ids.push(await sendCommand(folder(), kind));
    expect(new Set(ids).size).toBe(ids.length);
    const take = createCommandReceiver(folder());
    expect(take()).toEqual({ commands: kinds.map((kind, i) => ({ id: ids[i], kind })), notices: [] });
    expect(take()).toEqual({ commands: [], notices: [] });
    expect(fs.readdirSync(control())).toEqual([]);
  });

  it('fails if the run is not training', async () => {
    await expect(sendCommand(folder(), 'stop')).rejects.toThrow(/Cannot stop .*: its process has exited/);
    startRun().update({ state: 'finished' });
    await expect(sendCommand(folder(), 'pause')).rejects.toThrow(
      /it is already finished\. To extend it: earthmover resume .* --steps N$/,
    );
  });

  it('does not affect a later trainer', async () => {
    startRun();
    await sendCommand(folder(), 'stop');
    clearCommands(folder());
    expect(createCommandReceiver(folder())()).toEqual({ commands: [], notices: [] });
  });

  it('leaves what is not a command when the earlier ones are removed', async () => {
    startRun();
    const id = await sendCommand(folder(), 'stop');
    const [command] = fs.readdirSync(control());
    fs.writeFileSync(control(`${command}.0a1b2c3d.tmp`), 'half');
    fs.mkdirSync(control('src'));
    fs.writeFileSync(control('src', 'main.c'), 'mine');
    fs.symlinkSync('src', control(`000000000000001-${id}.json`));
    clearCommands(folder());
    expect(fs.readdirSync(control()).sort()).toEqual([`000000000000001-${id}.json`, 'src']);
    expect(fs.readdirSync(control('src'))).toEqual(['main.c']);
  });

  it('does not follow a link in the place of control/', async () => {
    startRun();
    fs.mkdirSync(path.join(folder(), 'docs'));
    fs.writeFileSync(path.join(folder(), 'docs', '000000000000001-abcdefgh.json'), 'mine');
    fs.rmSync(control(), { recursive: true, force: true });
    fs.symlinkSync('docs', control());
    await expect(sendCommand(folder(), 'stop')).rejects.toThrow(/control: it is a link, not a folder\. Move it/);
    expect(() => clearCommands(folder())).toThrow('it is a link');
    expect(createCommandReceiver(folder())()).toEqual({ commands: [], notices: [] });
    expect(fs.readdirSync(path.join(folder(), 'docs'))).toEqual(['000000000000001-abcdefgh.json']);
  });
});

describe('receiving commands', () => {
  const name = (id: string, time = 1) => `${String(time).padStart(15, '0')}-${id}.json`;
  const put = (file: string, text: string) => fs.writeFileSync(control(file), text);

  it('rejects and reports files that are not commands, and delivers the rest', async () => {
    startRun();
    const good = await sendCommand(folder(), 'sample');
    put('notes.txt', 'hello');
    put(name('not-json-1'), '{');
    put(name('unknown-1'), '{"id":"unknown-1","kind":"format"}');
    put(name('other-id-1'), '{"id":"another-1","kind":"stop"}');
    put(name('too-long-1'), `{"id":"too-long-1","kind":"stop"}${' '.repeat(2000)}`);
    put('\u001b[31m.json', '');
    fs.mkdirSync(control(name('folder-11')));
    fs.symlinkSync('/etc/passwd', control(name('link-1111')));
    if (process.platform !== 'win32') execFileSync('mkfifo', [control(name('pipe-1111'))]);
    put('000-half.json.123.tmp', 'being written');
    const take = createCommandReceiver(folder());
    const { commands, notices } = take();
    expect(commands).toEqual([{ id: good, kind: 'sample' }]);
    const text = notices.join('\n');
    for (const problem of [
      'Ignored control/notes.txt: its name is not <time>-<id>.json. It was moved to control/rejected.',
      'not-json-1.json: it is not JSON',
      'its kind is "format"',
      'its id differs from the one in its name',
      'it has more than 1024 bytes',
      'Ignored control/?[31m.json: its name',
      'folder-11.json: it is a folder, not a file',
      'link-1111.json: it is a link, not an ordinary file',
    ]) {
      expect(text).toContain(problem);
    }
    expect(fs.existsSync('/etc/passwd')).toBe(true);
    expect(take()).toEqual({ commands: [], notices: [] });
    expect(fs.readdirSync(control()).sort()).toEqual(['000-half.json.123.tmp', 'rejected']);
    expect(fs.readdirSync(control('rejected'))).toHaveLength(notices.length);
  });

  it('receives 64 at a time and keeps 32 rejected files', () => {
    startRun();
    for (let i = 0; i < 100; i++) put(name(`flood-${String(i).padStart(4, '0')}`, i), 'x');
    const take = createCommandReceiver(folder());
    expect(take().notices).toHaveLength(64);
    expect(take().notices).toHaveLength(36);
    expect(fs.readdirSync(control('rejected'))).toHaveLength(32);
    expect(take().notices).toHaveLength(0);
  });

  it('tolerates a missing folder', () =>
    expect(createCommandReceiver(folder())()).toEqual({ commands: [], notices: [] }));
});

describe('waiting for a command', () => {
  it('resolves when the command is acknowledged', async () => {
    const status = startRun();
    const id = await sendCommand(folder(), 'checkpoint');
    const answer = waitForAcknowledgment(folder(), id, 10_000);
    const [command] = createCommandReceiver(folder())().commands;
    status.acknowledge(command.id);
    expect(await answer).toBe('acknowledged');
    status.update({ state: 'stopped' });
    expect(await waitForAcknowledgment(folder(), id, 0)).toBe('acknowledged');
    expect(await waitForAcknowledgment(folder(), 'another-one', 10_000)).toBe('ended');
  });

  it('resolves at the timeout', async () => {
    startRun();
    expect(await waitForAcknowledgment(folder(), 'another-one', 1)).toBe('timeout');
  });

  it('resolves when the process exits', async () => {
    const { current } = startRun();
    fs.writeFileSync(path.join(folder(), 'status.json'), JSON.stringify({ ...current, pid: 2 ** 30 }));
    expect(await waitForAcknowledgment(folder(), 'another-one', 10_000)).toBe('dead');
  });
});
