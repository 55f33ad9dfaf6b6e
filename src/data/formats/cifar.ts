// The binary version of CIFAR as a data source: records of one label byte (CIFAR-10) or two (CIFAR-100: coarse, fine)
// and 3 x 32 x 32 values, one plane per color.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataConfig } from '../../catalog';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { firstFew } from '../../shared/text';
import type { DataContext } from '../dataSource';
import { badFile } from '../errors';
import { openImageArray, type ArrayImage } from '../images/openImageArray';
import type { ImageSource } from '../images/storedImages';
import { resolveDataPath } from '../resolveDataPath';
import { fileInfo, openByteStream, type FileInfo } from './byteStream';
import { expectKind } from './fileKind';

const side = 32;
const plane = side * side;

interface BatchFile {
  readonly file: string;
  readonly facts: FileInfo;
  /** Number of records, including a truncated last one. */
  readonly records: number;
}

/** Label bytes before each image: CIFAR-10 has the class, CIFAR-100 the coarse and the fine class. */
type LabelBytes = 1 | 2;

export async function openCifar(data: DataConfig<'cifar'>, context: DataContext): Promise<ImageSource> {
  const location = await resolveDataPath('cifar', data.path, context);
  const { files: names, labelBytes } = location.isFolder
    ? await batchFiles(location.path, data.split)
    : await oneFile(location.path);
  const record = labelBytes + 3 * plane;
  const files: BatchFile[] = [];
  for (const file of names) {
    const facts = await fileInfo(file);
    if (!facts || facts.size < record)
      throw badFile(file, `it is shorter than one record of ${record} bytes`, 'Download it again.');
    if (facts.size % record !== 0) await expectKind(file); // Perhaps an error page of a failed download.
    files.push({ file, facts, records: Math.ceil(facts.size / record) });
  }
  const total = files.reduce((sum, { records }) => sum + records, 0);
  const labels = new Uint8Array(total);
  const set = {
    files: names,
    identity: ['cifar', ...files.map(({ file, facts }) => [file, facts.size, facts.mtimeMs])],
    count: total,
    height: side,
    width: side,
    channels: 3 as const,
    origin: `of CIFAR-${labelBytes === 1 ? 10 : 100} in ${firstFew(
      files.map(({ file }) => path.basename(file)),
      6,
    )} of "${data.path}"`,
    notes: [],
    classes: await classNames(path.dirname(names[0]), labelBytes),
    samples: () => records(files, labelBytes, labels, context.signal),
    labels: () => labels,
  };
  return openImageArray(set, data, context);
}

/** The batches in a folder, or in the subfolder that the archive unpacks to. */
async function batchFiles(folder: string, split: DataConfig<'cifar'>['split']) {
  const wanted = (train: boolean) => split === 'all' || (split === 'train') === train;
  for (const inner of ['', 'cifar-10-batches-bin', 'cifar-100-binary']) {
    const at = path.join(folder, inner);
    const names = await readdir(at).catch(() => [] as string[]);
    const ten = names.filter((name) => /^(data_batch_\d+|test_batch)\.bin$/.test(name)).sort();
    const hundred = names
      .filter((name) => name === 'train.bin' || name === 'test.bin')
      .sort()
      .reverse();
    const [found, labelBytes] = ten.length > 0 ? [ten, 1 as LabelBytes] : [hundred, 2 as LabelBytes];
    const files = found.filter((name) => wanted(!name.startsWith('test'))).map((name) => path.join(at, name));
    if (files.length > 0) return { files, labelBytes };
  }
  const advice =
    'Set "data.path" to the folder with data_batch_1.bin and so on, or with train.bin. ' +
    'The Python version has different files, which cannot be read.';
  throw badFile(folder, `it has no binary CIFAR batch for the split "${split}"`, advice);
}

/** A single file is of the version whose record size divides its size. */
async function oneFile(file: string): Promise<{ files: string[]; labelBytes: LabelBytes }> {
  const size = (await fileInfo(file))?.size ?? 0;
  await expectKind(file);
  for (const labelBytes of [1, 2] as const) {
    if (size > 0 && size % (labelBytes + 3 * plane) === 0) return { files: [file], labelBytes };
  }
  const advice = 'Set "data.path" to its folder, so that its name decides.';
  throw badFile(file, `its ${size} bytes are not a multiple of 3073 (CIFAR-10) or 3074 (CIFAR-100)`, advice);
}

/** The class names in a file next to the batches, one per line; undefined if there is no such file. */
async function classNames(folder: string, labelBytes: LabelBytes): Promise<readonly string[] | undefined> {
  const file = path.join(folder, labelBytes === 1 ? 'batches.meta.txt' : 'fine_label_names.txt');
  const text = await readOrdinaryAsync(file, 1 << 16, 'follow').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  return lines.slice(0, 256);
}

async function* records(
  files: readonly BatchFile[],
  labelBytes: LabelBytes,
  labels: Uint8Array,
  signal?: AbortSignal,
): AsyncIterable<ArrayImage> {
  const image = new Uint8Array(3 * plane);
  let slot = 0;
  for (const { file, records: n } of files) {
    const bytes = openByteStream(file, { signal });
    try {
      for (let i = 0; i < n; i++, slot++) {
        const record = await bytes.read(labelBytes + 3 * plane);
        if (record.length < labelBytes + 3 * plane) {
          yield { reason: `${path.basename(file)} ends before or inside it` };
          continue;
        }
        labels[slot] = record[labelBytes - 1];
        for (let k = 0; k < plane; k++) {
          for (let c = 0; c < 3; c++) image[3 * k + c] = record[labelBytes + c * plane + k]; // from [C,H,W] to [H,W,C]
        }
        yield { bytes: image };
      }
    } finally {
      bytes.close();
    }
  }
}
