// What a file is, recognized by its first bytes, whatever its name says.
import { gunzipSync, constants } from 'node:zlib';
import { openOrdinaryAsync } from '../../files/ordinaryFile';
import { readAtAsync } from '../../files/readWrite';
import { badFile } from '../errors';

interface FileKind {
  readonly id: string;
  /** Completes "it is ...". */
  readonly title: string;
  /** What to do if another kind was expected. */
  readonly advice: string;
}

const unpack = 'Unpack it, and set "data.path" to the file or folder inside.';
const asNumpy = 'Convert it in Python with numpy.save(file, x).';
const asImages = 'For images, set "data.source" to "images" and "data.path" to their folder.';
const again = 'Download the file again.';

const text = (start: string) => (head: Buffer) => head.toString('latin1', 0, start.length) === start;
const bytes = (...start: number[]) => {
  const wanted = Buffer.from(start);
  return (head: Buffer) => head.subarray(0, wanted.length).equals(wanted);
};
/** ISO media files: a box "ftyp", then the brand. */
const brand = (pattern: RegExp) => (head: Buffer) =>
  head.toString('latin1', 4, 8) === 'ftyp' && pattern.test(head.toString('latin1', 8, 12));
const isZip = text('PK\x03\x04');
const zipWith = (name: RegExp) => (head: Buffer) => isZip(head) && name.test(head.toString('latin1', 30, 300));

type Test = (head: Buffer) => boolean;

/** In the order in which they are tried. */
const kinds: readonly (readonly [id: string, is: Test, title: string, advice: string])[] = [
  ['empty', (head) => head.length === 0, 'empty', 'Download or save it again.'],
  ['npz', zipWith(/^[^/]{0,200}\.npy/), 'a NumPy archive (.npz)', 'Set "data.source" to "npz".'],
  ['excel', zipWith(/^(\[Content_Types\]|xl\/|_rels\/)/), 'an Excel or Office file', 'Save it as CSV.'],
  ['torch', zipWith(/^[^/]{0,200}\/(data\.pkl|byteorder|\.format_version)/), 'a PyTorch file', asNumpy],
  ['zip', (head) => isZip(head) || text('PK\x05\x06')(head), 'a zip archive', unpack],
  ['gzip', bytes(0x1f, 0x8b), 'a gzip file', unpack],
  ['bzip2', text('BZh'), 'a bzip2 file', unpack],
  ['xz', bytes(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'an xz file', unpack],
  ['zstd', bytes(0x28, 0xb5, 0x2f, 0xfd), 'a Zstandard file', unpack],
  ['7z', bytes(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), 'a 7-Zip archive', unpack],
  ['rar', text('Rar!'), 'a RAR archive', unpack],
  ['tar', (head) => head.toString('latin1', 257, 262) === 'ustar', 'a tar archive', unpack],
  ['npy', text('\x93NUMPY'), 'a NumPy array (.npy)', 'Set "data.source" to "npy" for images or "points" for points.'],
  ['hdf5', text('\x89HDF\r\n\x1a\n'), 'an HDF5 file', asNumpy],
  [
    'matlab',
    text('MATLAB '),
    'a MATLAB file',
    'Convert it in Python with numpy.save(file, scipy.io.loadmat(...)[...]).',
  ],
  ['rdata', (head) => /^RDX[23]\n/.test(head.toString('latin1', 0, 5)), 'an R data file', 'Save it with write.csv.'],
  ['pickle', (head) => head[0] === 0x80 && head[1] >= 2 && head[1] <= 5, 'a Python pickle', asNumpy],
  ['parquet', text('PAR1'), 'a Parquet file', 'Save it as CSV, or with numpy.save.'],
  ['arrow', text('ARROW1'), 'an Arrow file', 'Save it as CSV, or with numpy.save.'],
  ['sqlite', text('SQLite format 3\0'), 'an SQLite database', 'Export its table as CSV.'],
  ['office', bytes(0xd0, 0xcf, 0x11, 0xe0), 'an old Excel or Office file', 'Save it as CSV.'],
  ['pdf', text('%PDF'), 'a PDF', 'Save its table as CSV.'],
  ['png', bytes(0x89, 0x50, 0x4e, 0x47), 'a PNG image', asImages],
  ['jpeg', bytes(0xff, 0xd8, 0xff), 'a JPEG image', asImages],
  ['gif', (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6)), 'a GIF image', asImages],
  ['webp', (head) => text('RIFF')(head) && head.toString('latin1', 8, 12) === 'WEBP', 'a WebP image', asImages],
  ['tiff', (head) => bytes(0x49, 0x49, 0x2a, 0)(head) || bytes(0x4d, 0x4d, 0, 0x2a)(head), 'a TIFF image', asImages],
  ['avif', brand(/^avi[fs]$/), 'an AVIF image', asImages],
  ['heic', brand(/^(hei[cxms]|hev[cxms]|mif1|msf1)$/), 'a HEIC image', 'Convert it to JPEG or PNG.'],
  ['bmp', (head) => text('BM')(head) && head.length > 26 && head.readUInt32LE(6) === 0, 'a BMP image', asImages],
  [
    'lfs',
    text('version https://git-lfs.github.com/spec/'),
    'a Git LFS pointer, not the file itself',
    'Fetch the file with: git lfs pull',
  ],
  [
    'html',
    (head) => /^\ufeff?\s*<(!doctype html|html|head|title)/i.test(head.toString('utf8', 0, 400)),
    'a web page (HTML), perhaps an error page of a failed download',
    again,
  ],
  ['xml', (head) => /^\ufeff?\s*<\?xml/i.test(head.toString('utf8', 0, 400)), 'an XML file', again],
  [
    'json',
    (head) => /^\ufeff?\s*(\[\s*[[{]|\{\s*")/.test(head.toString('utf8', 0, 400)),
    'a JSON file',
    'Save it as CSV.',
  ],
  [
    'arff',
    (head) => /^\ufeff?(?:%.*\n|\s)*@relation\s/i.test(head.toString('utf8')),
    'an ARFF file',
    'Save it as CSV.',
  ],
  [
    'idx',
    (head) => head.length >= 4 && head.readUInt16BE(0) === 0 && isIdx(head),
    'an IDX file',
    'Set "data.source" to "idx".',
  ],
  [
    'lmdb',
    (head) => head.length >= 20 && head.readUInt32LE(16) === 0xbeefc0de,
    'an LMDB database',
    'Set "data.source" to "lmdb".',
  ],
];

const isIdx = (head: Buffer) =>
  [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e].includes(head[2]) &&
  head[3] >= 1 &&
  head[3] <= 4 &&
  head.length >= 4 + 4 * head[3];

/** The kind of a file that begins with these bytes (512 are enough); undefined if it is none of the known ones. */
export function kindOfBytes(head: Buffer): FileKind | undefined {
  const found = kinds.find(([, is]) => is(head));
  if (found?.[0] !== 'gzip') return found && { id: found[0], title: found[2], advice: found[3] };
  const inner = kindOfBytes(startOfGzip(head));
  const title = inner && inner.id !== 'empty' ? `${inner.title} in a gzip file` : 'a gzip file';
  return {
    id: inner && inner.id !== 'empty' ? `gzip/${inner.id}` : 'gzip',
    title,
    advice: inner && ['html', 'xml', 'lfs', 'idx'].includes(inner.id) ? inner.advice : unpack,
  };
}

/** The first bytes of a gzip file, unpacked; empty if it is damaged. */
function startOfGzip(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 8 << 20 }).subarray(0, 512);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The kind of a file; undefined if it is not known or cannot be read. */
async function kindOfFile(file: string): Promise<FileKind | undefined> {
  const handle = await openOrdinaryAsync(file, 'read', 'follow').catch(() => undefined);
  if (!handle) return undefined;
  try {
    return kindOfBytes(await readAtAsync(handle, 4096, 0));
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

/** Throws DataError if the file is of a known kind that is not among `expected`, and says which it is. */
export async function expectKind(file: string, ...expected: readonly string[]): Promise<void> {
  const kind = await kindOfFile(file);
  if (kind && !expected.includes(kind.id)) throw badFile(file, `it is ${kind.title}`, kind.advice);
}
