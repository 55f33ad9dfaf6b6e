// A package index on this machine, with wheels of a few bytes, for pip.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Wheel } from '../../src/download/wheels';
import { environment } from './environment';

const MAKE_WHEEL = `
import json, sys, zipfile
file, name, version, entries = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
info = name.replace('-', '_') + '-' + version + '.dist-info/'
entries[info + 'METADATA'] = f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n'
entries[info + 'WHEEL'] = 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: false\\nTag: py3-none-manylinux_2_28_x86_64\\n'
entries[info + 'RECORD'] = ''.join(f'{entry},,\\n' for entry in [*entries, info + 'RECORD'])
with zipfile.ZipFile(file, 'w') as archive:
    for entry, text in entries.items(): archive.writestr(entry, text)
`;

export function hasPip(): boolean {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A wheel with its bytes. */
export interface TestWheel extends Wheel {
  readonly body: Buffer;
}

/** @param entries the texts of its files by their paths */
export function makeWheel(name: string, entries: Readonly<Record<string, string>>, version = '1.2.3'): TestWheel {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'earthmover-wheel-'));
  const file = `${name.replaceAll('-', '_')}-${version}-py3-none-manylinux_2_28_x86_64.whl`;
  try {
    const target = path.join(folder, file);
    execFileSync('python3', ['-c', MAKE_WHEEL, target, name, version, JSON.stringify(entries)]);
    const body = readFileSync(target);
    const sha256 = createHash('sha256').update(body).digest('hex');
    return { name, version, file, size: body.length, sha256, keep: /^lib.*\.so\.1$/, unpacked: 100, body };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Serves wheels to pip until the test ends; returns the names of the files that were asked for. */
export async function serveWheels(
  wheels: readonly TestWheel[],
  respond: (response: ServerResponse, body: Buffer, count: number) => void = (response, body) => response.end(body),
): Promise<string[]> {
  const gets: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    const [, place, name] = url.split('/');
    if (place === 'simple') {
      const found = wheels.filter((wheel) => wheel.name === name);
      response.writeHead(found.length > 0 ? 200 : 404, { 'content-type': 'text/html' });
      response.end(found.map(({ file }) => `<a href="/files/${file}">${file}</a>`).join('\n'));
      return;
    }
    const { body } = wheels.find(({ file }) => file === name)!;
    gets.push(name);
    response.writeHead(200, { 'content-length': body.length, 'content-type': 'application/octet-stream' });
    respond(response, body, gets.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
  environment({ PIP_INDEX_URL: index, PIP_FIND_LINKS: '', PIP_CONFIG_FILE: '/dev/null', NO_PROXY: '127.0.0.1' });
  return gets;
}
