// `earthmover install` with local servers: consent, checksums, installed files and messages.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { environment } from '../support/environment';
import { hasPip, makeWheel, serveWheels } from '../support/wheelIndex';
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

/** A data folder of its own, and no CUDA libraries of the machine. */
function ownDataFolder(): { folder: string; data: string } {
  const folder = scratch();
  environment({ XDG_DATA_HOME: path.join(folder, 'data'), LD_LIBRARY_PATH: '', CUDA_HOME: '', CUDA_PATH: '' });
  return { folder, data: path.join(folder, 'data', 'earthmover', 'cuda') };
}

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64' || !hasPip())('install cuda', () => {
  it('lists packages with sizes, checksums and licenses, and downloads nothing without --yes', async () => {
    const { folder, data } = ownDataFolder();
    environment({ PIP_INDEX_URL: 'http://127.0.0.1:9/simple' });
    for (const more of [[], ['--dry-run'], ['--yes', '--dry-run']]) {
      const asked = await cli(['install', 'cuda', '--json', ...more], folder);
      expect(asked.code, asked.stderr).toBe(0);
      const [runtime, ...others] = lines(asked);
      expect(runtime).toMatchObject({ event: 'package', name: 'onnxruntime-gpu', version: '1.30.0', license: 'MIT' });
      expect(runtime.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(others.at(-1)).toMatchObject({ event: 'plan', folder: data });
      expect(others.at(-1)!.size).toBeGreaterThan(runtime.size as number);
    }
    const text = await cli(['install', 'cuda'], folder);
    expect(text.stdout).toContain('To download and install: earthmover install cuda --yes');
    expect(existsSync(data)).toBe(false);
  });

  it('keeps nothing if the index serves something else', async () => {
    const { folder, data } = ownDataFolder();
    await serveWheels([
      { ...makeWheel('onnxruntime-gpu', { 'onnxruntime/capi/libonnxruntime.so.1.30.0': 'bad' }, '1.30.0') },
    ]);
    const ended = await cli(['install', 'cuda', '--yes'], folder);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/onnxruntime_gpu.*SHA-256 checksum \w{64} instead of 6acc0f4b/);
    expect(readdirSync(data)).toEqual([]);
  }, 120_000);

  it('finds what is installed, removes it, and leaves the files of others', async () => {
    const { folder, data } = ownDataFolder();
    const library = path.join(data, 'nvidia-cuda-runtime-13.0.96', 'libcudart.so.13');
    const others = [path.join(data, 'notes.txt'), path.join(data, 'nvidia-cublas-examples', 'main.cu')];
    for (const file of [library, ...others, path.join(data, '.partial-1', 'x')]) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, '');
    }
    const planned = lines(await cli(['install', 'cuda', '--json'], folder));
    expect(planned.find(({ name }) => name === 'nvidia-cuda-runtime')).toMatchObject({ files: [library] });
    const tried = lines(await cli(['install', 'cuda', '--remove', '--dry-run', '--json'], folder));
    expect(tried).toMatchObject([{ event: 'plan', packages: ['.partial-1', 'nvidia-cuda-runtime-13.0.96'] }]);
    expect(existsSync(library)).toBe(true);
    const removed = await cli(['install', 'cuda', '--remove'], folder);
    expect(removed.stdout).toContain(`nvidia-cuda-runtime-13.0.96 from ${data}.`);
    expect(readdirSync(data).sort()).toEqual(['notes.txt', 'nvidia-cublas-examples']);
    expect((await cli(['install', 'cuda', '--remove'], folder)).stdout).toContain('has no CUDA libraries');
  });
});

it('install names what can be installed, and where an option belongs', async () => {
  const folder = scratch();
  const unknown = await cli(['install', 'vulkan'], folder);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain(
    "Cannot install 'vulkan'. Give cuda or tensorflow, for example: earthmover install cuda\n",
  );
  const misplaced = await cli(['install', 'tensorflow', '--remove'], folder);
  expect(misplaced.stderr).toContain("--remove is only for 'earthmover install cuda'. Leave it out.");
});
