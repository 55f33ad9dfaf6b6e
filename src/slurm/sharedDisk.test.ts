import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { localDisk } from './sharedDisk';

const memory = '/dev/shm';
const isThere = process.platform === 'linux' && existsSync(memory);

it.skipIf(!isThere)(`the memory of a machine is not shared${isThere ? '' : ` (skipped: no ${memory})`}`, () => {
  expect(localDisk(memory)).toMatch(/^tmpfs/);
});

it.skipIf(process.platform !== 'linux')('an unknown kind of disk, or none, may be shared (Linux only)', () => {
  expect(localDisk('/proc')).toBeNull();
  expect(localDisk('/nowhere')).toBeNull();
});
