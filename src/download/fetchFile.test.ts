// Downloads from a local server: complete, resumed, interrupted, wrong, redirected, stalled, aborted, on a full disk.
import { createHash } from 'node:crypto';
import fs, { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type FileHandle, mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isDownloadError } from './errors';
import { fetchFile, type FetchOptions } from './fetchFile';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 3));
const sha256 = createHash('sha256').update(content).digest('hex');

let server: Server;
let folder: string;
let file: string;
/** Answers to consecutive requests; the last one repeats. */
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[];
let requestedRanges: (string | undefined)[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'download-'));
  file = path.join(folder, 'inner', 'file.bin');
  answers = [whole];
  requestedRanges = [];
  server = createServer((request, response) => {
    requestedRanges.push(request.headers.range);
    (answers.length > 1 ? answers.shift()! : answers[0])(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const remote = (changes = {}) => ({
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`,
  size: content.length,
  checksum: { algorithm: 'sha256' as const, hex: sha256 },
  ...changes,
});
const get = (options: FetchOptions = {}, changes = {}) =>
  fetchFile(remote(changes), file, { retryDelay: 1, ...options });
const failure = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isDownloadError(error)) throw new Error(`no DownloadError but ${String(error)}`);
  return error;
};
const isWhole = () => expect(readFileSync(file).equals(content)).toBe(true);
const startOf = ({ headers }: IncomingMessage) => Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);

function whole(request: IncomingMessage, response: ServerResponse): void {
  const start = startOf(request);
  const part = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, ...(start > 0 ? part : {}) });
  response.end(content.subarray(start));
}
/** Sends some of the requested bytes and closes the connection when they are on the disk. */
const closeAfter = (bytes: number) => (request: IncomingMessage, response: ServerResponse) => {
  const start = startOf(request);
  const part = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, ...(start > 0 ? part : {}) });
  response.write(content.subarray(start, start + bytes));
  const check = setInterval(() => {
    const written = statSync(`${file}.part`, { throwIfNoEntry: false })?.size ?? 0;
    if (written < start + bytes && !response.destroyed) return;
    clearInterval(check);
    response.destroy();
  }, 5);
};
const status = (code: number) => (_: IncomingMessage, response: ServerResponse) => void response.writeHead(code).end();

test('downloads with progress, and requests nothing if the file exists', async () => {
  const progress: number[] = [];
  expect(await get({ onProgress: (done, total) => progress.push(done / total) })).toBe('fetched');
  isWhole();
  expect(progress.at(-1)).toBe(1);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(existsSync(`${file}.part`)).toBe(false);
  expect(await get()).toBe('present');
  expect(requestedRanges).toHaveLength(1);
  writeFileSync(
    file,
    content.map((byte, i) => (i === 7 ? byte ^ 1 : byte)),
  ); // damaged later
  expect(await get()).toBe('fetched');
  isWhole();
});

test('survives a power loss: the folder is synced after the rename', async () => {
  const states: boolean[] = [];
  const sync = vi.spyOn(fs, 'fsyncSync').mockImplementation(() => void states.push(existsSync(file)));
  await get();
  sync.mockRestore();
  expect(states).toEqual([true]);
});

test('resumes after a broken connection, and where an earlier command stopped', async () => {
  answers = [closeAfter(100_000), closeAfter(50_000), status(503), whole];
  const reasons: string[] = [];
  await get({ onRetry: (reason) => reasons.push(reason) });
  isWhole();
  expect(requestedRanges).toEqual([undefined, 'bytes=100000-', 'bytes=150000-', 'bytes=150000-']);
  expect(reasons).toHaveLength(3);
  for (const reason of reasons) expect(reason).toMatch(/^http\S+ could not be downloaded: [^.]+\.$/);

  await rm(file);
  answers = [closeAfter(120_000)];
  const error = await failure(get({ retries: 0 }));
  expect(error.code).toBe('broken');
  expect(error.message).toContain('Run the same command again to continue');
  expect(statSync(`${file}.part`).size).toBe(120_000);
  answers = [whole];
  await get();
  expect(requestedRanges.at(-1)).toBe('bytes=120000-');
  isWhole();
});

test('a download that receives nothing leaves no folder behind', async () => {
  const folder = path.join(path.dirname(file), 'new', 'folder');
  answers = [status(404)];
  await expect(fetchFile(remote(), path.join(folder, 'a'), { retryDelay: 1, retries: 1 })).rejects.toThrow('404');
  answers = [status(503), status(503)];
  await expect(fetchFile(remote(), path.join(folder, 'a'), { retryDelay: 1, retries: 1 })).rejects.toThrow('503');
  expect(existsSync(path.dirname(folder))).toBe(false);
});

test('starts over if the server ignores the range or sends another one', async () => {
  const noParts = (_: IncomingMessage, response: ServerResponse) => void response.end(content);
  const otherPart = (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(206, { 'content-range': `bytes 5-${content.length - 1}/${content.length}` }).end('no');
  answers = [closeAfter(90_000), noParts];
  await get();
  isWhole();
  await rm(file);
  answers = [closeAfter(90_000), otherPart, whole];
  await get();
  isWhole();
  await rm(file);
  answers = [closeAfter(90_000), status(416), whole];
  await get();
  isWhole();
});

test('deletes a part of another version and downloads the whole file', async () => {
  answers = [closeAfter(90_000)];
  await failure(get({ retries: 0 }));
  writeFileSync(`${file}.part`, Buffer.alloc(90_000));
  answers = [whole];
  await get();
  expect(requestedRanges.slice(1)).toEqual(['bytes=90000-', undefined]);
  isWhole();
});

test('keeps nothing if the checksum or size is wrong', async () => {
  const error = await failure(get({}, { checksum: { algorithm: 'md5', hex: '0'.repeat(32) } }));
  expect(error.code).toBe('wrong-content');
  expect(error.message).toContain(createHash('md5').update(content).digest('hex'));
  const longer = (_: IncomingMessage, response: ServerResponse) => void response.end(Buffer.concat([content, content]));
  const chunked = (_: IncomingMessage, response: ServerResponse) => {
    response.write(content);
    response.end(content);
  };
  for (const answer of [longer, chunked]) {
    answers = [answer];
    expect((await failure(get())).message).toContain(`instead of the published ${content.length}`);
  }
  expect(existsSync(file) || existsSync(`${file}.part`)).toBe(false);
});

test('follows redirects, and reports an HTTP error without a retry', async () => {
  answers = [(_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(), whole];
  await get();
  isWhole();
  await rm(file);
  requestedRanges = [];
  answers = [status(404)];
  const error = await failure(get());
  expect(error.code).toBe('refused');
  expect(error.message).toMatch(/\/file\.bin responded with 404 \(Not Found\)/);
  expect(requestedRanges).toHaveLength(1);
});

test('treats a silent or unreachable server as a broken connection', async () => {
  answers = [(_, response) => void response.writeHead(200).write('x')];
  expect((await failure(get({ timeout: 80, retries: 0 }))).message).toContain('no data for 0.08 s');
  const unreachable = await failure(get({ retries: 1 }, { url: 'http://127.0.0.1:1/file.bin' }));
  expect(unreachable.code).toBe('broken');
});

test('rejects with the reason of an abort and keeps the received bytes', async () => {
  const control = new AbortController();
  answers = [closeAfter(200_000)];
  const onProgress = () => control.abort(new Error('enough'));
  await expect(get({ signal: control.signal, onProgress })).rejects.toThrow('enough');
  expect(statSync(`${file}.part`).size).toBeGreaterThan(0);
  await expect(get({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  answers = [whole];
  await get();
  isWhole();
});

test('names a file that cannot be written', async () => {
  writeFileSync(path.join(folder, 'inner'), 'a file where the folder should be');
  const error = await failure(get());
  expect(error.code).toBe('disk');
  expect(error.message).toContain(path.join(folder, 'inner'));
  expect(requestedRanges).toHaveLength(0);
});

test('reports a full disk with the missing space', async () => {
  const handle = await open(path.join(folder, 'any'), 'w');
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const write = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'write').mockRejectedValue(full);
  await handle.close();
  const error = await failure(get());
  write.mockRestore();
  expect(error.message).toContain('The disk is full');
  expect(error.message).toContain('293 KiB more');
});

test('does not write through a link in the place of its partial file', async () => {
  await mkdir(path.dirname(file));
  await writeFile(path.join(folder, 'mine'), '');
  await symlink(path.join(folder, 'mine'), `${file}.part`);
  expect(await get()).toBe('fetched');
  expect([statSync(path.join(folder, 'mine')).size, statSync(file).size]).toEqual([0, content.length]);
});
