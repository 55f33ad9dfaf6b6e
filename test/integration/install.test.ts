// `earthmover install tensorflow` with a local server: consent, checksums, installed files and messages.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cli, lines, scratch } from './cliProcess';

interface Published {
  readonly body: Buffer;
  /** The checksum that the server publishes; by default the correct one. */
  readonly md5?: string;
}

/** Serves every library and addon as the same archive, the way the publisher's storage does. */
async function serve(published: Published): Promise<{ address: string; gets: string[] }> {
  const gets: string[] = [];
  const server = createServer(({ method, url = '' }, response) => {
    const md5 = published.md5 ?? createHash('md5').update(published.body).digest('base64');
    response.writeHead(200, { 'content-length': published.body.length, 'x-goog-hash': `crc32c=AAAAAA==,md5=${md5}` });
    if (method === 'GET') gets.push(url);
    response.end(method === 'HEAD' ? undefined : published.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, gets };
}

/** A workspace with the JavaScript of the package, as `npm install --ignore-scripts` leaves it. */
function workspace(address: string): { folder: string; home: string } {
  const folder = scratch();
  const home = path.join(folder, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    path.join(home, 'package.json'),
    '{ "name": "@tensorflow/tfjs-node-gpu", "version": "4.22.0", "main": "index.js" }',
  );
  writeFileSync(path.join(home, 'index.js'), `throw new Error('a part of a test')`);
  const before = { ...process.env };
  Object.assign(process.env, { TFJS_NODE_CDN_STORAGE: address, XDG_CACHE_HOME: path.join(folder, 'cache') });
  onTestFinished(() => {
    for (const name of ['TFJS_NODE_CDN_STORAGE', 'XDG_CACHE_HOME']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
  return { folder, home };
}

function archive(): Buffer {
  const folder = scratch();
  writeFileSync(path.join(folder, 'tfjs_binding.node'), 'native');
  execFileSync('tar', ['-czf', 'part.tar.gz', 'tfjs_binding.node'], { cwd: folder });
  return readFileSync(path.join(folder, 'part.tar.gz'));
}

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'install tensorflow asks for consent, verifies the downloads, and reports whether TensorFlow loads',
  async () => {
    const { address, gets } = await serve({ body: archive() });
    const { folder, home } = workspace(address);
    const addon = path.join(home, 'lib', 'napi-v8', 'tfjs_binding.node');

    const asked = await cli(['install', 'tensorflow', '--json'], folder);
    expect(asked.code).toBe(0);
    expect(lines(asked).map(({ title }) => title)).toEqual(['libtensorflow 2.9.1', 'tfjs-node-gpu addon 4.22.0']);
    expect([gets, existsSync(addon)]).toEqual([[], false]);

    const done = await cli(['install', 'tensorflow', '--yes'], folder);
    expect(gets).toEqual([
      '/tensorflow/libtensorflow/libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz',
      '/tf-builds/pre-built-binary/napi-v8/4.22.0/GPU-linux-4.22.0.tar.gz',
    ]);
    expect(readFileSync(addon, 'utf8')).toBe('native');
    // The fake package cannot be loaded, which is reported.
    expect(done.code).toBe(3);
    expect(done.stderr).toContain(
      `TensorFlow was installed, but its native library in ${home} does not load (a part of a test).`,
    );
  },
);

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'install tensorflow keeps nothing if a checksum is wrong',
  async () => {
    const { address } = await serve({
      body: archive(),
      md5: createHash('md5').update('something else').digest('base64'),
    });
    const { folder, home } = workspace(address);
    const ended = await cli(['install', 'tensorflow', '--yes'], folder);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/md5/i);
    expect(existsSync(path.join(home, 'deps'))).toBe(false);
  },
);
