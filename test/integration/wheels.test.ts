// Installing wheels with the real pip, from an index on this machine: sums, broken connections, kills, and disk space.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { installWheels } from '../../src/download/wheels';
import { buildProgram } from '../support/buildProgram';
import { environment } from '../support/environment';
import { hasPip, makeWheel, serveWheels } from '../support/wheelIndex';
import { scratch, start } from './cliProcess';

const one = () => makeWheel('lib-one', { 'nvidia/a/lib/lib-one.so.1': 'one', 'nvidia/a/include/one.h': 'no' });
const two = () => makeWheel('lib-two', { 'nvidia/b/lib/lib-two.so.1': 'two', 'nvidia/b/__init__.py': '' });
const quickly = { retryDelay: 1 };

describe.skipIf(!hasPip() || process.platform !== 'linux')('installing wheels', () => {
  it('keeps the libraries and nothing else, and does nothing the second time', async () => {
    const wheels = [one(), two()];
    const gets = await serveWheels(wheels);
    const folder = path.join(scratch(), 'new', 'folder');
    const installed: string[] = [];
    await installWheels(wheels, folder, { onInstalled: ({ name }) => installed.push(name) });
    expect(installed).toEqual(['lib-one', 'lib-two']);
    expect(readdirSync(folder, { recursive: true }).map(String).sort()).toEqual([
      'lib-one-1.2.3',
      'lib-one-1.2.3/lib-one.so.1',
      'lib-two-1.2.3',
      'lib-two-1.2.3/lib-two.so.1',
    ]);
    expect(readFileSync(path.join(folder, 'lib-two-1.2.3/lib-two.so.1'), 'utf8')).toBe('two');
    await installWheels(wheels, folder);
    expect(gets).toEqual(wheels.map(({ file }) => file));
  });

  it('keeps complete wheels and nothing of one with another checksum', async () => {
    const wheels = [one(), { ...two(), sha256: 'a'.repeat(64) }];
    await serveWheels(wheels);
    const folder = scratch();
    await expect(installWheels(wheels, folder)).rejects.toMatchObject({
      code: 'wrong-content',
      message: expect.stringMatching(
        /^lib_two.*checksum [0-9a-f]{64} instead of a{64}\..*Nothing of it was kept/,
      ) as string,
    });
    expect(readdirSync(folder)).toEqual(['lib-one-1.2.3']);
  });

  it('retries a connection that breaks, and gives up with the reason', async () => {
    const wheel = one();
    const folder = scratch();
    const cut = (count: number) => (response: ServerResponse, body: Buffer, n: number) => {
      if (n > count) return void response.end(body);
      response.write(body.subarray(0, 100), () => response.destroy());
    };
    await serveWheels([wheel], cut(1));
    const reasons: string[] = [];
    await installWheels([wheel], folder, { ...quickly, onRetry: (reason) => reasons.push(reason) });
    expect(existsSync(path.join(folder, 'lib-one-1.2.3', 'lib-one.so.1'))).toBe(true);
    // pip may have retried it itself.
    for (const reason of reasons) expect(reason).toContain(wheel.file);

    await serveWheels([wheel], cut(Infinity));
    const other = scratch();
    // Older versions of pip take the part that was received for the file.
    await expect(installWheels([wheel], other, quickly)).rejects.toMatchObject({
      code: expect.stringMatching(/^(broken|wrong-content)$/) as string,
    });
    expect(readdirSync(other)).toEqual([]);
  });

  it('names the reason if there is no network', async () => {
    await serveWheels([]);
    environment({ PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '0' });
    const folder = scratch();
    await expect(installWheels([one()], folder, quickly)).rejects.toMatchObject({
      code: 'broken',
      message: expect.stringMatching(/Connection refused.*HTTPS_PROXY/) as string,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not retry what the index does not have', async () => {
    await serveWheels([one()]);
    const onRetry = vi.fn();
    await expect(installWheels([{ ...one(), version: '9.9' }], scratch(), { onRetry })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('No matching distribution found for lib-one==9.9') as string,
    });
    expect(onRetry).not.toHaveBeenCalled();
  });

  it('says that pip is missing', async () => {
    const [wheel, folder] = [one(), scratch()];
    environment({ PATH: '/nonexistent' });
    await expect(installWheels([wheel], folder)).rejects.toThrow('needs Python 3 with pip');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('checks the space before it downloads', async () => {
    const wheels = [one(), two()];
    const gets = await serveWheels(wheels);
    const needed = 3 * 100 + Math.max(wheels[0].size, wheels[1].size);
    const folder = scratch();
    const freeSpace = vi.fn(() => Promise.resolve(needed - 1));
    await expect(installWheels(wheels, folder, { freeSpace })).rejects.toMatchObject({ code: 'disk' });
    expect([gets, readdirSync(folder)]).toEqual([[], []]);
    await installWheels(wheels, folder, { freeSpace: () => Promise.resolve(needed) });
    expect(gets.length).toBe(2);
  });

  it('writes nothing outside its folder', async () => {
    const wheel = makeWheel('lib-evil', { '../../../../evil.so.1': 'evil', 'nvidia/../../../lib-evil.so.1': 'evil' });
    await serveWheels([wheel]);
    const around = scratch();
    const folder = path.join(around, 'a', 'b');
    await expect(installWheels([wheel], folder, quickly)).rejects.toThrow(/pip could not|none of the expected/);
    expect(readdirSync(around, { recursive: true }).map(String).sort()).toEqual(['a', 'a/b']);
  });

  it('leaves nothing but an ignored folder if it is killed, which the next call removes', async () => {
    const wheels = [one(), two()];
    let stalled = (): void => {};
    const reached = new Promise<void>((resolve) => (stalled = resolve));
    await serveWheels(wheels, (response, body, n) => {
      if (n !== 2) return void response.end(body);
      response.write(body.subarray(0, 100), stalled);
    });
    const folder = scratch();
    const script = await buildProgram('test/support/installWheelProgram.ts');
    const { child, ended } = start([folder, JSON.stringify(wheels)], { script });
    await reached;
    child.kill('SIGKILL');
    await ended;
    expect(readdirSync(folder).filter((name) => !name.startsWith('.'))).toEqual(['lib-one-1.2.3']);
    expect(readdirSync(folder)).toContain(`.partial-${os.hostname()}-${child.pid}`);
    // Whether a process of another machine runs cannot be seen.
    mkdirSync(path.join(folder, `.partial-another-machine-${child.pid}`));
    await installWheels(wheels, folder);
    expect(readdirSync(folder).sort()).toEqual([
      `.partial-another-machine-${child.pid}`,
      'lib-one-1.2.3',
      'lib-two-1.2.3',
    ]);
  });

  it('stops when it is aborted, without anything half-written', async () => {
    const wheel = one();
    const abort = new AbortController();
    await serveWheels([wheel], (response, body) => void response.write(body.subarray(0, 100), () => abort.abort()));
    const folder = scratch();
    await expect(installWheels([wheel], folder, { signal: abort.signal })).rejects.toThrow(/abort/i);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reports a folder that cannot be written to', async () => {
    const file = path.join(scratch(), 'file');
    writeFileSync(file, '');
    await serveWheels([one()]);
    await expect(installWheels([one()], path.join(file, 'in'))).rejects.toMatchObject({ code: 'disk' });
  });
});
