// The format of metrics.bin: a JSON header line, then rows of fixed width that NumPy can read directly.
import { isProtocol, type Protocol } from '../protocol/metricProtocol';
import { crc32 } from '../shared/crc32';
import { damagedFile, newerFile, olderFile } from './errors';

/** A recorded number, one float32 per row. */
export interface Column {
  /** Letters, digits and underscores: a valid field name in NumPy and JavaScript. */
  readonly name: string;
  /** The display name on an axis or in a legend. */
  readonly label: string;
  /** The unit of the values, such as 's' or 'nats'; '' for a plain number. */
  readonly unit: string;
  /** How a metric was measured that depends on more than the samples: only equal protocols can be compared. */
  readonly protocol?: Protocol;
}

export interface MetricsHeader {
  readonly columns: readonly Column[];
  /** How many times the file was created or truncated: readers that see it change start over. */
  readonly attempt: number;
  /** Byte offset of the first row: a multiple of 64. */
  readonly offset: number;
  /**
   * Bytes per row: step uint32, wall time float64, a float32 for each column, and the CRC-32 of these bytes as uint32;
   * all little-endian, packed.
   */
  readonly rowBytes: number;
}

/** Rows by column, without damaged ones. */
export interface Rows {
  readonly count: number;
  /** Rows of the file that were left out because their checksum does not match. */
  readonly damaged: number;
  /** Generator updates so far, strictly increasing. */
  readonly step: Uint32Array;
  /** Unix seconds at the end of the step. */
  readonly wallTime: Float64Array;
  /** Values by column name; NaN if a column has no value at that step. */
  readonly columns: Readonly<Record<string, Float32Array>>;
}

/** The maximum length of a header; a longer first line is not a header. */
export const maxHeaderBytes = 1 << 20;

const leadBytes = 12; // step and wall time
const checksumBytes = 4;

export const rowBytesOf = (columns: readonly Column[]): number => leadBytes + 4 * columns.length + checksumBytes;

const version = 2;
const advice = 'resume the run: it recovers the rows that are left';

/**
 * The header: JSON padded with spaces to a multiple of 64 and ended by a line feed, so that
 * `h = json.loads(open(p, 'rb').readline()); np.fromfile(p, np.dtype(h['dtype']), offset=h['offset'])` reads the rows.
 */
export function encodeHeader(columns: readonly Column[], attempt: number): Buffer {
  const names = ['step', 'wallTime', ...columns.map(({ name }) => name), 'checksum'];
  if (new Set(names).size !== names.length || !names.every((name) => /^[A-Za-z_]\w*$/.test(name))) {
    throw new Error(`assertion failed: column names must be distinct identifiers: ${names.join(', ')}`);
  }
  const dtype = { names, formats: ['<u4', '<f8', ...columns.map(() => '<f4'), '<u4'] };
  const text = (offset: number) =>
    JSON.stringify({ format: 'earthmover-metrics', version, attempt, offset, dtype, columns });
  let offset = 64;
  while (Buffer.byteLength(text(offset)) + 1 > offset) offset += 64;
  const header = Buffer.alloc(offset, ' ');
  header.write(text(offset));
  header.write('\n', offset - 1);
  return header;
}

/** Decodes a header from the first bytes of `file`. Throws a UserError if it is damaged or of a newer version. */
export function decodeHeader(bytes: Uint8Array, file: string): MetricsHeader {
  const damaged = (problem: string) => damagedFile(file, problem, advice);
  const end = bytes.indexOf(10);
  if (end < 0) throw damaged('its first line, the header, has no end');
  const header = parse(Buffer.from(bytes.subarray(0, end)).toString('utf8'));
  if (header?.format !== 'earthmover-metrics') throw damaged('its first line is not a metrics header');
  if (typeof header.version === 'number' && header.version < version) throw olderFile(file, header.version, version);
  if (header.version !== version) throw newerFile(file, header.version, version);
  const { columns, attempt, offset } = header;
  if (!Number.isSafeInteger(attempt) || !Array.isArray(columns) || !columns.every(isColumn)) {
    throw damaged('its header does not describe the columns');
  }
  if (offset !== end + 1)
    throw damaged(`its header ends at byte ${end + 1} but gives the offset ${JSON.stringify(offset)}`);
  return { columns, attempt: attempt as number, offset, rowBytes: rowBytesOf(columns) };
}

/**
 * A header for a file whose own is damaged: its rows are found by their checksums. Null if the beginning of the file,
 * `bytes`, has no intact row with these columns. What precedes the first intact row is read as damaged rows.
 */
export function recoverHeader(bytes: Buffer, columns: readonly Column[]): MetricsHeader | null {
  const rowBytes = rowBytesOf(columns);
  const end = rowBytes - checksumBytes;
  for (let at = 0; at + rowBytes <= bytes.length; at++) {
    const isRow = bytes.readUInt32LE(at + end) === crc32(bytes, at, at + end) && bytes.readDoubleLE(at + 4) > 0;
    if (isRow) return { columns, attempt: 0, offset: at % rowBytes, rowBytes };
  }
  return null;
}

/** Returns a function that encodes a row, into the same bytes each time. `values` has one number per column. */
export function createRowEncoder(columns: readonly Column[]) {
  const bytes = new Uint8Array(rowBytesOf(columns));
  const view = new DataView(bytes.buffer);
  const end = bytes.byteLength - checksumBytes;
  return (step: number, wallTime: number, values: ArrayLike<number>): Uint8Array => {
    view.setUint32(0, step, true);
    view.setFloat64(4, wallTime, true);
    for (let c = 0; c < values.length; c++) view.setFloat32(leadBytes + 4 * c, values[c], true);
    view.setUint32(end, crc32(bytes, 0, end), true);
    return bytes;
  };
}

/** Rows as words of four bytes. Typed arrays have the byte order of the machine, which is little-endian everywhere. */
export function wordsOf(bytes: Buffer): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4));
}

/** Whether the checksum of the row at word `at` matches. */
export const isIntact = (words: Uint32Array, at: number, rowWords: number): boolean =>
  crc32.words(words, at, at + rowWords - 1) === words[at + rowWords - 1];

/** Rows that are filled from the bytes of a file, chunk by chunk. */
export function createRowDecoder({ columns, rowBytes }: MetricsHeader, capacity: number) {
  const step = new Uint32Array(capacity);
  const wallTime = new Float64Array(capacity);
  const wallTimeWords = new Uint32Array(wallTime.buffer);
  const values = columns.map(() => new Uint32Array(capacity)); // the bits of float32
  const rowWords = rowBytes / 4;
  let count = 0;
  let read = 0;
  /** Rows read up to the last intact one: those after it may still be being written. */
  let intact = 0;
  return {
    /** Decodes the complete rows in `bytes`. */
    decode(bytes: Buffer): void {
      const words = wordsOf(bytes);
      for (let at = 0; at + rowWords <= words.length; at += rowWords) {
        read++;
        if (!isIntact(words, at, rowWords)) continue;
        step[count] = words[at];
        wallTimeWords[2 * count] = words[at + 1];
        wallTimeWords[2 * count + 1] = words[at + 2];
        for (let c = 0; c < values.length; c++) values[c][count] = words[at + 3 + c];
        count++;
        intact = read;
      }
    },
    get intact() {
      return intact;
    },
    rows: (): Rows => ({
      count,
      damaged: intact - count,
      step: step.subarray(0, count),
      wallTime: wallTime.subarray(0, count),
      columns: Object.fromEntries(columns.map(({ name }, c) => [name, new Float32Array(values[c].buffer, 0, count)])),
    }),
  };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function isColumn(value: unknown): value is Column {
  if (typeof value !== 'object' || value === null) return false;
  const { name, label, unit, protocol } = value as Record<string, unknown>;
  const isText = [name, label, unit].every((text) => typeof text === 'string');
  return isText && (protocol === undefined || isProtocol(protocol));
}
