// Checkpoints: a bit-exact round trip, detection of every flipped byte, and intact ones found among damaged ones.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import {
  latestCheckpoint,
  listCheckpoints,
  copyTensors,
  openCheckpoint,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoints';
import { decodeSafetensors, encodeSafetensors, type Tensors } from './safetensors';

const folder = scratch('checkpoints');

const tensors: Tensors = {
  'generator/kernel': { dtype: 'float32', shape: [2, 3], data: Float32Array.of(0, -0, NaN, Infinity, 1e-45, -1.5) },
  mask: { dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) },
  step: { dtype: 'int32', shape: [], data: Int32Array.of(-(2 ** 31)) },
  empty: { dtype: 'float32', shape: [0, 4], data: new Float32Array(0) },
  '__proto__ "sha256":"0"': { dtype: 'float32', shape: [1], data: Float32Array.of(7) },
};
const content = (step: number, data = tensors) => ({
  step,
  seed: 11,
  record: { loss: [1.5], name: 'ü' },
  tensors: data,
});
const names = () => listCheckpoints(folder()).map(({ directory }) => path.basename(directory));
const stateOf = (step: number) => path.join(folder(), `step-${step}`, 'state.safetensors');
const fail = (problem: string) => new Error(problem);

describe('safetensors', () => {
  const file = Buffer.concat(encodeSafetensors({ tensors, metadata: { a: 'b' } }));

  it('survive a round trip bit for bit', () => {
    const read = decodeSafetensors(file, fail);
    expect(read.metadata).toEqual({ a: 'b' });
    expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(tensors).sort());
    for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
      const found = read.tensors[name];
      expect(found).toMatchObject({ dtype, shape });
      expect(Buffer.from(found.data.buffer, found.data.byteOffset, found.data.byteLength)).toEqual(
        Buffer.from(data.buffer),
      );
    }
  });

  it('follow the format: an aligned header, no gaps, wide types first', () => {
    const view = Buffer.from(file);
    const start = 8 + Number(view.readBigUInt64LE());
    const header = JSON.parse(view.toString('utf8', 8, start)) as Record<string, { data_offsets: [number, number] }>;
    expect(start % 8).toBe(0);
    const { __metadata__, ...entries } = header;
    const offsets = Object.values(entries)
      .map((entry) => entry.data_offsets)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    offsets.forEach(([from], i) => expect(from).toBe(i === 0 ? 0 : offsets[i - 1][1]));
    expect(start + offsets[offsets.length - 1][1]).toBe(file.length);
    expect(view.readFloatLE(start + entries['generator/kernel'].data_offsets[0] + 20)).toBe(-1.5);
    expect(entries.mask.data_offsets[1]).toBe(file.length - start);
    expect(__metadata__).toMatchObject({ a: 'b' });
  });

  it('are rejected if the file is truncated anywhere or continued', () => {
    for (let at = 0; at < file.length; at++)
      expect(() => decodeSafetensors(file.subarray(0, at), fail), `cut at ${at}`).toThrow();
    expect(() => decodeSafetensors(Buffer.concat([file, Buffer.alloc(3)]), fail)).toThrow(
      '3 bytes after the last tensor',
    );
  });

  it('need no alignment in memory', () => {
    const shifted = Buffer.concat([Buffer.alloc(1), file]).subarray(1);
    const { data } = decodeSafetensors(shifted, fail).tensors['generator/kernel'];
    expect(data).toEqual(tensors['generator/kernel'].data);
  });

  const forged = (header: unknown, data = 8) => {
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return Buffer.concat([length, text, Buffer.alloc(data)]);
  };
  it.each([
    [Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 1]), 'its header ends at byte 18446744073709551623 of 9'],
    [forged([]), 'its header is not JSON'],
    [forged({ x: 1 }), 'tensor "x" has no entry'],
    [forged({ x: { dtype: 'F64', shape: [1], data_offsets: [0, 8] } }), 'tensor "x" has the unknown type "F64"'],
    [forged({ x: { dtype: 'F32', shape: [-1], data_offsets: [0, 8] } }), 'tensor "x" has no valid shape'],
    [forged({ x: { dtype: 'F32', shape: [1], data_offsets: [8, 0] } }), 'tensor "x" has no valid offsets'],
    [forged({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 800] } }), /tensor "x" ends at byte \d+ of \d+/],
    [forged({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 8] } }), 'tensor "x" has 8 bytes; float32 [1] needs 4'],
    [forged({ x: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }), /tensor "x" starts at byte \d+ instead of \d+/],
    [forged({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }), 'its metadata has values that are not strings'],
  ])('are rejected with the violated rule: %#', (bytes, message) =>
    expect(() => decodeSafetensors(bytes, fail)).toThrow(message),
  );

  it('fail an assertion if values do not match their shapes', () => {
    const wrong: Tensors = { x: { dtype: 'float32', shape: [3], data: new Float32Array(2) } };
    expect(() => encodeSafetensors({ tensors: wrong, metadata: {} })).toThrow('tensor x has 2 values for float32 [3]');
  });
});

describe('writing a checkpoint', () => {
  it('saves the state and additional files', async () => {
    const files = { 'generator/model.json': Buffer.from('{}'), 'generator/weights.bin': new Uint8Array(3) };
    const directory = await writeCheckpoint(folder(), { ...content(500), files });
    expect(directory).toBe(path.join(folder(), 'step-500'));
    expect(fs.readFileSync(path.join(directory, 'generator/model.json'), 'utf8')).toBe('{}');
    const read = await readCheckpoint(directory);
    expect(read).toMatchObject({ directory, step: 500, seed: 11, record: { loss: [1.5], name: 'ü' } });
    expect(read.tensors['generator/kernel'].data).toEqual(tensors['generator/kernel'].data);
    expect(fs.readdirSync(folder())).toEqual(['step-500']);
  });

  it('is not written to where a run was that has been moved: nothing is created there', async () => {
    const run = path.join(folder(), 'run');
    await expect(writeCheckpoint(path.join(run, 'checkpoints'), content(1))).rejects.toThrow(
      'it does not exist. Was the run directory moved or deleted?',
    );
    expect(fs.existsSync(run)).toBe(false);
  });

  it('keeps the newest by step, not by name', async () => {
    for (const step of [500, 1000, 1500, 9500, 10000]) await writeCheckpoint(folder(), content(step), { keep: 3 });
    expect(names()).toEqual(['step-10000', 'step-9500', 'step-1500']);
    expect(latestCheckpoint(folder())).toEqual({ step: 10000, directory: path.join(folder(), 'step-10000') });
    expect(fs.readdirSync(folder()).sort()).toEqual(['step-10000', 'step-1500', 'step-9500']);
  });

  it('replaces one of the same step, and removes later ones and leftovers of a crash', async () => {
    for (const step of [100, 200, 300]) await writeCheckpoint(folder(), content(step));
    fs.mkdirSync(path.join(folder(), '.aside-1-step-400'));
    fs.cpSync(path.join(folder(), 'step-200'), path.join(folder(), 'step-200.replaced'), { recursive: true });
    await writeCheckpoint(folder(), { ...content(200), seed: 12 }, { keep: 2 });
    expect(names()).toEqual(['step-200', 'step-100']);
    expect((await readCheckpoint(path.join(folder(), 'step-200'))).seed).toBe(12);
    expect(fs.readdirSync(folder()).sort()).toEqual(['step-100', 'step-200']);
  });

  it('keeps older ones that are named, as long as they are', async () => {
    const isKept = (step: number): boolean => step === 200;
    for (const step of [100, 200, 300, 400]) await writeCheckpoint(folder(), content(step), { keep: 1, isKept });
    expect(names()).toEqual(['step-400', 'step-200']);
    await pruneCheckpoints(folder(), { keep: 1 });
    expect(names()).toEqual(['step-400']);
    // A rewind invalidates later ones, even if they are named.
    await writeCheckpoint(folder(), content(150), { keep: 1, isKept: () => true });
    expect(names()).toEqual(['step-150']);
  });

  it('keeps the old checkpoints and leaves nothing behind if the disk is full', async () => {
    await writeCheckpoint(folder(), content(100), { keep: 1 });
    const full = vi.spyOn(fs, 'fsyncSync').mockImplementationOnce(() => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    await expect(writeCheckpoint(folder(), content(200), { keep: 1 })).rejects.toThrow(
      /^Cannot write the checkpoint .*step-200: the disk is full\. Free some space/,
    );
    full.mockRestore();
    expect(fs.readdirSync(folder())).toEqual(['step-100']);
  });

  it('fails an assertion if an additional file is outside the checkpoint', async () => {
    const files = { '../evil': new Uint8Array(1) };
    await expect(writeCheckpoint(folder(), { ...content(1), files })).rejects.toThrow('is not inside');
    expect(fs.readdirSync(folder())).toEqual([]);
  });
});

describe('opening the newest checkpoint', () => {
  it('finds nothing in an empty folder', async () => {
    expect(await openCheckpoint(folder())).toEqual({ checkpoint: null, damaged: [] });
    expect(latestCheckpoint(folder())).toBeNull();
  });

  it('skips damaged checkpoints, and reports the damage and which earlier ones remain', async () => {
    for (const step of [100, 200, 300, 400]) await writeCheckpoint(folder(), content(step));
    fs.truncateSync(stateOf(400), fs.statSync(stateOf(400)).size - 2);
    const bytes = fs.readFileSync(stateOf(300));
    bytes[bytes.length - 5] ^= 4;
    fs.writeFileSync(stateOf(300), bytes);
    fs.rmSync(stateOf(200));
    const { checkpoint, damaged } = await openCheckpoint(folder());
    expect(checkpoint?.step).toBe(100);
    expect(damaged).toHaveLength(3);
    expect(damaged[0]).toMatch(
      /^\S+step-400\/state\.safetensors is damaged: it has 505 bytes instead of 507; use an earlier checkpoint: step-300, step-200, step-100/,
    );
    expect(damaged[1]).toContain('its checksum does not match its content');
    expect(damaged[2]).toContain('it is missing; use an earlier checkpoint: step-100');
    fs.rmSync(path.join(folder(), 'step-100'), { recursive: true });
    await expect(readCheckpoint(path.join(folder(), 'step-200'))).rejects.toThrow(
      /^\S+ is damaged: it is missing; there is no earlier checkpoint/,
    );
  });

  it('skips one in which any byte of any file is damaged, or a file is missing or empty', async () => {
    const files = { 'generator/model.json': Buffer.from('{"a":1}'), 'generator/weights.bin': new Uint8Array(9) };
    await writeCheckpoint(folder(), { ...content(100), files });
    const directory = path.join(folder(), 'step-100');
    const isIntact = async () => (await openCheckpoint(folder())).checkpoint !== null;
    for (const name of [...Object.keys(files), 'state.safetensors', 'manifest.json']) {
      const file = path.join(directory, name);
      const bytes = fs.readFileSync(file);
      const flipped = [0, 1, 2, 3, 4].map((i) => Math.floor((i / 4) * (bytes.length - 1)));
      const damages = [
        Buffer.alloc(0),
        Buffer.alloc(bytes.length),
        bytes.subarray(1),
        Buffer.concat([bytes, Buffer.from('x')]),
        ...flipped.map((at) => Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 8 : byte)))),
      ];
      for (const [i, damage] of damages.entries()) {
        if (damage.equals(bytes)) continue;
        fs.writeFileSync(file, damage);
        expect(await isIntact(), `${name} ${i}`).toBe(false);
      }
      fs.rmSync(file);
      expect((await openCheckpoint(folder())).damaged[0]).toMatch(/is damaged: it is missing/);
      fs.writeFileSync(file, bytes);
      expect(await isIntact()).toBe(true);
    }
    fs.writeFileSync(path.join(directory, 'Thumbs.db'), 'another program');
    const { checkpoint } = await openCheckpoint(folder());
    expect((await checkpoint!.file('generator/model.json')).toString()).toBe('{"a":1}');
    fs.writeFileSync(path.join(directory, 'generator/model.json'), '{"a":2}');
    await expect(checkpoint!.file('generator/model.json')).rejects.toThrow(/model\.json is damaged: its checksum/);
    await expect(checkpoint!.file('Thumbs.db')).rejects.toThrow(/manifest\.json does not list it/);
  });

  it.each(['../../secret', '/etc/passwd', 'a/../b', '..', 'a//b', 'C:\\x'])(
    'rejects a manifest that lists %s',
    async (name) => {
      const directory = await writeCheckpoint(folder(), content(100));
      const file = path.join(directory, 'manifest.json');
      const manifest = JSON.parse(fs.readFileSync(file, 'utf8')) as { files: object };
      const files = { ...manifest.files, [name]: { bytes: 1, sha256: '0' } };
      fs.writeFileSync(file, JSON.stringify({ ...manifest, files }));
      await expect(readCheckpoint(directory)).rejects.toThrow(/manifest\.json is damaged: it does not list files/);
    },
  );

  it('finds the one that a crash left without its final name', async () => {
    await writeCheckpoint(folder(), content(100));
    fs.renameSync(path.join(folder(), 'step-100'), path.join(folder(), 'step-100.replaced'));
    expect((await openCheckpoint(folder())).checkpoint?.step).toBe(100);
  });

  it('rejects a step that differs from the folder name, and another format version', async () => {
    await writeCheckpoint(folder(), content(100));
    fs.renameSync(path.join(folder(), 'step-100'), path.join(folder(), 'step-50'));
    await expect(readCheckpoint(path.join(folder(), 'step-50'))).rejects.toThrow(/^\S+ is damaged: it holds step 100/);
    const ofVersion = (version: string) =>
      fs.writeFileSync(
        stateOf(50),
        Buffer.concat(encodeSafetensors({ tensors: {}, metadata: { format: 'earthmover-checkpoint', version } })),
      );
    fs.rmSync(path.join(folder(), 'step-50', 'manifest.json'));
    ofVersion('4');
    await expect(openCheckpoint(folder())).rejects.toThrow(/^\S+ has format version 4.*Update Earthmover/);
    ofVersion('2');
    await expect(openCheckpoint(folder())).rejects.toThrow(/^\S+ has format version 2.*start a new run/);
    ofVersion('3');
    expect((await openCheckpoint(folder())).damaged).toEqual([
      expect.stringMatching(/manifest\.json is damaged: it is missing/),
    ]);
  });
});

describe('loading a checkpoint', () => {
  const tensorsOf = (shape: readonly number[]): Tensors => ({
    kernel: { dtype: 'float32', shape, data: new Float32Array(shape.reduce((a, b) => a * b)) },
    count: { dtype: 'int32', shape: [1], data: Int32Array.of(5) },
  });
  const saved: Tensors = {
    kernel: { dtype: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    count: { dtype: 'int32', shape: [1], data: Int32Array.of(9) },
  };

  it('copies the values if names, types and shapes match', async () => {
    const target = tensorsOf([2, 2]);
    copyTensors(await readCheckpoint(await writeCheckpoint(folder(), content(1, saved))), target);
    expect([...target.kernel.data, ...target.count.data]).toEqual([1, 2, 3, 4, 9]);
  });

  it('reports both shapes, missing and extra tensors, and copies nothing', async () => {
    const checkpoint = await readCheckpoint(await writeCheckpoint(folder(), content(1, saved)));
    const target: Tensors = { ...tensorsOf([4, 1]), extra: saved.count };
    expect(() => copyTensors(checkpoint, target)).toThrow(
      'kernel is float32 [2, 2] in the checkpoint and float32 [4, 1] in this experiment; extra is missing from the checkpoint. Resume',
    );
    expect(() => copyTensors(checkpoint, { kernel: saved.kernel })).toThrow('count is not in this experiment');
    expect([...target.kernel.data, ...target.count.data]).toEqual([0, 0, 0, 0, 5]);
  });
});
