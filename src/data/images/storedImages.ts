// A set of images as a data source: reads them, counts and names failures, and keeps the classes.
import { firstFew, plural } from '../../shared/text';
import { prepareSamples, type SampleLoader, type StorageSettings } from '../cache/prepareSamples';
import type { DataContext } from '../dataSource';
import type { DataSource } from '../dataSource';
import * as errors from '../errors';
import type { ReadFailure } from './decodeTask';
import { findCopies } from './copies';
import { fewBits } from './valueRange';
import { sampleReader, type SampleStorage } from '../cache/sampleStorage';
import { createImageSource } from './imageSource';

/** The parameters that every source of stored images has. */
export interface ImageSettings extends StorageSettings {
  readonly path: string;
  readonly fit: 'crop' | 'contain';
  readonly resize: 'lanczos' | 'box';
  readonly flip: boolean;
  readonly onError: 'skip' | 'fail';
  readonly validation: number;
}

export interface ImageSet extends SampleLoader {
  /** The files that are read. */
  readonly files?: DataSource['files'];
  /** Origin of the images, after "1,204 images" in the log: 'in 3 folders of "./photos"'. */
  readonly origin: string;
  /** Name of the image of a slot. */
  readonly nameOf: (slot: number) => string;
  /** Whether images are resized, for the notes. */
  readonly resized: boolean;
  /** More sentences for the log. */
  readonly notes: readonly string[];
  /** The error to throw for a failure if `onError` is "fail". */
  readonly errorFor: (failure: ReadFailure) => Error;
  /** Names of the classes, if the files have them. */
  readonly classes?: readonly string[];
}

export interface ImageSource extends DataSource {
  /** The samples that could not be read. */
  readonly skipped: readonly ReadFailure[];
}

/** The sides of images from "data.size": of square ones, or height and width. */
export const sidesOf = (size: number | readonly [number, number]) =>
  typeof size === 'number' ? { height: size, width: size } : { height: size[0], width: size[1] };

/** Throws DataError for faults that the user can fix. */
export async function openImageSet(set: ImageSet, settings: ImageSettings, context: DataContext): Promise<ImageSource> {
  const { storage, readAhead, report } = await prepareSamples(set, settings, context);
  const failures = report.failures.filter(({ isOwn }) => !isOwn);
  const own = report.failures.filter(({ isOwn }) => isOwn);
  if (settings.onError === 'fail' && failures.length > 0) throw set.errorFor(failures[0]);
  const lost = failures.reduce((sum, failure) => sum + (failure.count ?? 1), 0);
  if (own.length > 0 && own.length + lost === set.slots) throw errors.onlyOwnImages(settings.path);
  if (lost === set.slots) {
    const images = { count: set.slots, areFiles: set.files === undefined };
    throw errors.allUnreadable(settings.path, images, failures.map(describe));
  }
  const good = new Uint8Array(set.slots).fill(1);
  for (const { slot, count: n = 1 } of report.failures) good.fill(0, slot, slot + n);
  const slots = Uint32Array.from(good.keys()).filter((slot) => good[slot] === 1);

  const copyOf = findCopies(storage, slots);
  const copies = copyOf ? [...copyOf.keys()].filter((i) => copyOf[i] !== i) : [];
  const [height, width, channels] = set.shape;
  const how = [
    ...(set.resized ? [settings.fit, settings.resize] : []),
    ...(settings.flip ? ['flipped at random'] : []),
  ];
  const form = `${height} x ${width} x ${channels}${how.length > 0 ? ` (${how.join(', ')})` : ''}`;
  const source = createImageSource({
    storage,
    readAhead,
    shape: set.shape,
    slots,
    copyOf,
    flip: settings.flip,
    validation: settings.validation,
    seed: context.seed,
    labels: report.labels && { classes: report.labels, names: set.classes },
    notes: [
      `${plural(slots.length, 'image')} ${set.origin}, as ${form}.`,
      ...set.notes,
      ...(own.length > 0
        ? [`${plural(own.length, 'image')} that Earthmover wrote left out: ${firstFew(own.map(({ file }) => file))}.`]
        : []),
      ...(copyOf
        ? [
            copiesNote(
              copies.map((i) => [slots[i], slots[copyOf[i]]]),
              set.nameOf,
            ),
          ]
        : []),
      ...(lost > 0 ? [`${plural(lost, 'image')} skipped: ${firstFew(failures.map(describe))}.`] : []),
      ...report.notes,
      ...contrastNotes(storage, slots),
    ],
  });
  return { ...source, files: set.files, details: failures.length > 5 ? failures.map(describe) : [], skipped: failures };
}

function copiesNote(pairs: readonly (readonly [copy: number, first: number])[], nameOf: ImageSet['nameOf']): string {
  const examples = firstFew(
    pairs.map(([copy, first]) => `${nameOf(copy)} = ${nameOf(first)}`),
    3,
  );
  return `${plural(pairs.length, 'image')} with the same pixels as another one (${examples}); copies are held out together or not at all.`;
}

/** Images that are compared with the range of a byte. */
const contrastImages = 256;

/** A sentence if the images use so little of their range that they look all black or all the same. */
function contrastNotes(storage: SampleStorage, slots: Uint32Array): string[] {
  const read = sampleReader(storage);
  let [least, greatest] = [255, 0];
  for (const slot of slots.filter((_, i) => i % Math.ceil(slots.length / contrastImages) === 0)) {
    for (const value of read(slot)) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  return greatest - least > fewBits
    ? []
    : [
        `Hardly any contrast: all pixels are from ${least} to ${greatest}, of 0 to 255. Check the images, or scale them.`,
      ];
}

const describe = ({ file, reason }: ReadFailure) => `${file} (${reason})`;
