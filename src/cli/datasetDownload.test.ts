// Downloads data sets from a local server: plain files and archives, and the printed lines.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tarGz } from '../../test/support/tarGz';
import { datasets, type Dataset } from '../catalog';
import { downloadDataset, isDownloaded } from './datasetDownload';
import { type Output, createStyle } from './output';
let server: Server;
let folder: string;
let served: Record<string, Buffer>;
let requested: string[];
let printed: string[];
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dataset-'));
  [served, requested, printed] = [{}, [], []];
  server = createServer((request, response) => {
    requested.push(request.url ?? '');
    const content = served[request.url ?? ''];
    response.writeHead(content ? 200 : 404).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function dataset(files: Record<string, Buffer>, unpack?: Record<string, string>): Dataset {
  const { port } = server.address() as AddressInfo;
  for (const [name, content] of Object.entries(files)) served[`/${name}`] = content;
  const described = Object.entries(files).map(([name, content]) => ({
    url: `http://127.0.0.1:${port}/${name}`,
    size: content.length,
    checksum: { algorithm: 'sha256' as const, hex: createHash('sha256').update(content).digest('hex') },
  }));
  return { title: 'A set', source: 'idx', origin: 'a test', files: described, unpack };
}
const output = (terminal = false): Output => ({
  terminal,
  rows: () => 24,
  screen: () => {},
  columns: () => 80,
  style: createStyle(false),
  line: (text = '') => void printed.push(text),
  redraw: (text = '') => void printed.push(`\r${text}\x1b[K`),
});
const get = (of: Dataset, json?: Record<string, string>) =>
  downloadDataset(of, {
    folder,
    out: output(),
    signal: new AbortController().signal,
    json,
    log: (text) => printed.push(text),
  });

test('downloads plain files once and prints their sizes', async () => {
  const set = dataset({ 'a.gz': Buffer.alloc(5000, 1), 'b.gz': Buffer.alloc(10, 2) });
  expect(isDownloaded(set, folder)).toBe(false);
  await get(set);
  expect(isDownloaded(set, folder)).toBe(true);
  expect(printed).toEqual(['  a.gz  4.9 KiB, checksum verified', '  b.gz  10 B, checksum verified']);
  printed.length = 0;
  await get(set);
  expect(printed).toEqual(['  a.gz  already downloaded', '  b.gz  already downloaded']);
  expect(requested).toEqual(['/a.gz', '/b.gz']);
});

test('unpacks and removes an archive; a second download requests nothing', async () => {
  const archive = await tarGz({ 'inner/one.bin': 'one', 'inner/two.bin': 'two' });
  const set = dataset({ 'set.tar.gz': archive }, { 'inner/one.bin': 'one.bin', 'inner/two.bin': '2.bin' });
  await get(set, { dataset: 'set' });
  expect(readdirSync(folder).sort()).toEqual(['2.bin', 'complete', 'one.bin']);
  expect(readFileSync(path.join(folder, '2.bin'), 'utf8')).toBe('two');
  expect(printed.map((line) => JSON.parse(line) as object)).toContainEqual({
    event: 'download',
    dataset: 'set',
    file: 'set.tar.gz',
    done: set.files[0].size,
    total: set.files[0].size,
  });
  await get(set);
  expect(requested).toHaveLength(1);
  rmSync(path.join(folder, 'one.bin'));
  expect(isDownloaded(set, folder)).toBe(false);
});

test('reports a missing or changed file and keeps the others', async () => {
  const set = dataset({ 'a.gz': Buffer.alloc(50, 1), 'b.gz': Buffer.alloc(10, 2) });
  delete served['/b.gz'];
  await expect(get(set)).rejects.toThrow('/b.gz responded with 404 (Not Found)');
  served['/b.gz'] = Buffer.alloc(10, 3);
  await expect(get(set)).rejects.toThrow('Nothing was kept');
  expect(readdirSync(folder)).toEqual(['a.gz']);
});

test('the public data sets have complete checksums, valid URLs and plain file names', () => {
  for (const { files, unpack } of Object.values<Dataset>(datasets)) {
    for (const { url, size, checksum } of files) {
      expect(new URL(url).href).toBe(url);
      expect(size).toBeGreaterThan(1000);
      expect(checksum.hex).toMatch(checksum.algorithm === 'md5' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{64}$/);
    }
    for (const name of Object.values(unpack ?? {})) expect(name).toMatch(/^[a-z_0-9]+(\.meta)?\.(bin|txt)$/);
  }
});
