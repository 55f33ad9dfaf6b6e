// A .npz archive with an array of images, and optionally one of their classes, as a data source.
import type { DataConfig } from '../../../catalog';
import { firstFew } from '../../../shared/text';
import type { DataContext } from '../../dataSource';
import { badFile, badSetting } from '../../errors';
import type { ImageSource } from '../../images/storedImages';
import { resolveDataFile } from '../../resolveDataPath';
import { fileInfo } from '../byteStream';
import { expectKind } from '../fileKind';
import { hasChecksum, zipMembers, type ZipMember } from '../zip';
import { openNpyImages } from './npy';
import { openNpyArray, readNpySamples, type NpyArray } from './npyReader';

/** An array, and where its member is in the archive. */
interface MemberArray extends NpyArray {
  readonly location: { readonly file: string } & Omit<ZipMember, 'name'>;
}

/** Throws DataError for faults that the user can fix. */
export async function openNpz(data: DataConfig<'npz'>, context: DataContext): Promise<ImageSource> {
  const file = await resolveDataFile(data.path, context);
  const arrays = await arraysOf(file);
  const [name, array] = choose(arrays, data.array, file);
  const { size = 0, mtimeMs = 0 } = (await fileInfo(file)) ?? {};
  const labels = [...arrays].find(
    ([other, { shape, dtype }]) =>
      isLabels(other) && shape.length <= 2 && dtype.kind !== 'f' && shape[0] === array.shape[0],
  );
  const images = {
    array,
    title: `${file} ("${name}")`,
    identity: [file, size, mtimeMs, name],
    origin: `of "${name}" in "${data.path}"`,
    labels: () => labels && classesOf(labels[1], array.count, context.signal),
    verify: () => verifyMember(file, name, array.location, context.signal),
  };
  return openNpyImages(images, data, context);
}

/** Data that cannot be unpacked is reported, image by image, when it is read. */
async function verifyMember(
  file: string,
  name: string,
  location: MemberArray['location'],
  signal?: AbortSignal,
): Promise<void> {
  const isIntact = await hasChecksum(file, location, signal).catch(() => {
    signal?.throwIfAborted();
    return true;
  });
  if (!isIntact)
    throw badFile(
      file,
      `"${name}" is damaged: its checksum is not the one in the archive`,
      'Download or save it again.',
    );
}

/** The arrays by name, without the ".npy" that numpy.savez appends. */
async function arraysOf(file: string): Promise<ReadonlyMap<string, MemberArray>> {
  const arrays = new Map<string, MemberArray>();
  const others: string[] = [];
  await expectKind(file, 'npz', 'zip');
  try {
    for (const { name, ...location } of await zipMembers(file)) {
      const opened = await openNpyArray({ file, ...location }).catch(
        (error: Error) => void others.push(`${name}: ${error.message}`),
      );
      if (opened) arrays.set(name.replace(/\.npy$/, ''), { ...opened, location: { file, ...location } });
    }
  } catch (error) {
    throw badFile(file, (error as Error).message, 'Check that it is a complete .npz file.');
  }
  if (arrays.size > 0) return arrays;
  throw badFile(
    file,
    others.length > 0 ? firstFew(others, 2) : 'it contains no arrays',
    'Save images with numpy.savez(file, images=x).',
  );
}

function choose(
  arrays: ReadonlyMap<string, MemberArray>,
  wanted: string,
  file: string,
): readonly [string, MemberArray] {
  const names = [...arrays].map(([name, { shape }]) => `"${name}" (${shape.join(', ')})`);
  const all = [...arrays];
  const candidates =
    wanted === 'auto'
      ? all.filter(([, { shape }]) => shape.length === 3 || shape.length === 4)
      : all.filter(([name]) => name === wanted);
  const only = candidates.length === 0 && wanted === 'auto' && all.length === 1 ? all : candidates;
  if (only.length === 1) return only[0];
  if (wanted !== 'auto')
    throw badSetting(
      'array',
      `${file} has no array "${wanted}". It has ${firstFew(names)}. Set "data.array" to one of these names.`,
    );
  const reason = only.length === 0 ? 'no array with 3 or 4 axes' : 'several arrays that could be images';
  throw badSetting('array', `${file} has ${reason}: ${firstFew(names)}. Set "data.array" to one of these names.`);
}

const isLabels = (name: string) => /^(labels?|y|targets?)$/i.test(name);

/** Classes from 0 to 255; undefined if there are others, or too few. */
async function classesOf(array: NpyArray, count: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  if (array.length !== 1) return undefined;
  const classes = new Uint8Array(count);
  let i = 0;
  try {
    for await (const [value] of readNpySamples(array, signal)) {
      if (i === count || !(value >= 0 && value <= 255)) break;
      classes[i++] = value;
    }
  } catch {
    signal?.throwIfAborted();
  }
  return i === count ? classes : undefined;
}
