// Small files that claim or unpack to something huge: refused or read in bounded memory.
import { mkdirSync, writeFileSync } from 'node:fs';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { experiment } from '../../support/tinyRuns';
import { type FaultKind } from '../faultKind';

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A PNG that claims a size and holds nearly nothing. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => Buffer.concat([u32(data.length), Buffer.from(type), data, u32(0)]);
  const header = Buffer.concat([u32(width), u32(height), Buffer.from([8, 2, 0, 0, 0])]);
  const data = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const npyHeader = (shape: string, order: string) => {
  const text = `{'descr': '|u1', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + '\n';
  return Buffer.concat([
    Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'),
    Buffer.from([text.length, 0]),
    Buffer.from(text),
  ]);
};

/** An npz of one array: a zip with a single deflated entry. */
function npz(content: Buffer): Buffer {
  const packed = deflateRawSync(content, { level: 9 });
  const name = Buffer.from('x.npy');
  const sizes = Buffer.alloc(26);
  sizes.writeUInt16LE(20, 0);
  sizes.writeUInt16LE(8, 4);
  sizes.writeUInt32LE(packed.length, 14);
  sizes.writeUInt32LE(content.length, 18);
  sizes.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), sizes, name, packed]);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), sizes, Buffer.alloc(14), name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006'), end]);
}

interface Bomb {
  readonly file: string;
  readonly data: object;
  readonly bytes: () => Buffer;
}

const bombs: readonly Bomb[] = [
  { file: 'photos/bomb.png', data: { source: 'images', path: './photos', size: 16 }, bytes: () => png(50_000, 50_000) },
  {
    file: 'x.npz',
    data: { source: 'npz', path: './x.npz' },
    bytes: () => npz(Buffer.concat([npyHeader('(400000, 28, 28, 1)', 'True'), Buffer.alloc(400_000 * 784)])),
  },
  {
    file: 'x.npz',
    data: { source: 'npz', path: './x.npz' },
    bytes: () => npz(Buffer.concat([npyHeader('(4000000000, 28, 28, 1)', 'False'), Buffer.alloc(1000)])),
  },
  {
    file: 'x.npy',
    data: { source: 'npy', path: './x.npy' },
    bytes: () => npyHeader('(1000000000, 28, 28, 1)', 'False'),
  },
  {
    file: 'train-images-idx3-ubyte.gz',
    data: { source: 'idx', path: './train-images-idx3-ubyte.gz' },
    bytes: () =>
      gzipSync(Buffer.concat([u32(0x803), u32(600_000), u32(28), u32(28), Buffer.alloc(300_000_000)]), { level: 9 }),
  },
  { file: 'x.csv', data: { source: 'points', path: './x.csv' }, bytes: () => Buffer.alloc(120_000_000, '1,') },
  { file: 'x.csv', data: { source: 'points', path: './x.csv' }, bytes: () => Buffer.alloc(1000, '1') },
];

export const bombFiles: FaultKind = {
  id: 'bomb',
  title: 'small files that claim or unpack to gigabytes (PNG, npz, npy, gz, a line of 120 MB)',
  trials: { short: bombs.length, long: bombs.length },
  run: async ({ number, sandbox }) => {
    const bomb = bombs[number];
    mkdirSync(sandbox.work('photos'), { recursive: true });
    writeFileSync(sandbox.work(bomb.file), bomb.bytes());
    const isImage = !bomb.file.endsWith('.csv');
    const network = { network: 'dcgan', filters: 4 };
    const changes = { data: bomb.data, metrics: [], ...(isImage ? { generator: network, critic: network } : {}) };
    await sandbox.cli(['preview', experiment(sandbox.work(), changes), '--out', 'preview.png'], { limit: 120 });
    sandbox.mustBeUntouched();
  },
};
