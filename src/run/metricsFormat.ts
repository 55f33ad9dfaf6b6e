// The format of metrics.bin: a JSON header line, then rows of fixed width that NumPy can read directly.
import { damagedFile, newerFile } from './errors';

/** A recorded number, one float32 per row. */
export interface Column {
  /** Letters, digits and underscores: a valid field name in NumPy and JavaScript. */
  readonly name: string;
  /** The display name on an axis or in a legend. */
  readonly label: string;
  /** The unit of the values, such as 's' or 'nats'; '' for a plain number. */
  readonly unit: string;
}

export interface MetricsHeader {
  readonly columns: readonly Column[];
  /** How many times the file was created or truncated: readers that see it change start over. */
  readonly attempt: number;
  /** Byte offset of the first row: a multiple of 64. */
  readonly offset: number;
  /** Bytes per row: step uint32, wall time float64, a float32 for each column, all little-endian, packed. */
  readonly rowBytes: number;
}

/** Rows by column. */
export interface Rows {
  readonly count: number;
  /** Generator updates so far, strictly increasing. */
  readonly step: Uint32Array;
  /** Unix seconds at the end of the step. */
  readonly wallTime: Float64Array;
  /** Values by column name; NaN if a column has no value at that step. */
  readonly columns: Readonly<Record<string, Float32Array>>;
}

/** The maximum length of a header; a longer first line is not a header. */
export const maxHeaderBytes = 1 << 20;

export const leadBytes = 12; // step and wall time

const version = 1;
const advice = 'move it elsewhere and resume the run; the curve then starts at the checkpoint';

/**
 * The header: JSON padded with spaces to a multiple of 64 and ended by a line feed, so that
 * `h = json.loads(open(p, 'rb').readline()); np.fromfile(p, np.dtype(h['dtype']), offset=h['offset'])` reads the rows.
 */
export function encodeHeader(columns: readonly Column[], attempt: number): Buffer {
  const names = ['step', 'wallTime', ...columns.map(({ name }) => name)];
  if (new Set(names).size !== names.length || !names.every((name) => /^[A-Za-z_]\w*$/.test(name))) {
    throw new Error(`assertion failed: column names must be distinct identifiers: ${names.join(', ')}`);
  }
  const dtype = { names, formats: ['<u4', '<f8', ...columns.map(() => '<f4')] };
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
  if (header.version !== version) throw newerFile(file, header.version, version);
  const { columns, attempt, offset } = header;
  if (!Number.isSafeInteger(attempt) || !Array.isArray(columns) || !columns.every(isColumn)) {
    throw damaged('its header does not describe the columns');
  }
  if (offset !== end + 1)
    throw damaged(`its header ends at byte ${end + 1} but gives the offset ${JSON.stringify(offset)}`);
  return { columns, attempt: attempt as number, offset, rowBytes: leadBytes + 4 * columns.length };
}

/** Writes one row into `row` at byte `at`. `values` has one number per column. */
export function encodeRow(row: DataView, at: number, step: number, wallTime: number, values: ArrayLike<number>): void {
  row.setUint32(at, step, true);
  row.setFloat64(at + 4, wallTime, true);
  for (let c = 0; c < values.length; c++) row.setFloat32(at + leadBytes + 4 * c, values[c], true);
}

export function emptyRows(columns: readonly Column[], count: number): Rows {
  return {
    count,
    step: new Uint32Array(count),
    wallTime: new Float64Array(count),
    columns: Object.fromEntries(columns.map(({ name }) => [name, new Float32Array(count)])),
  };
}

/** Decodes the complete rows in `bytes` into `rows`, starting at row `first`. */
export function decodeRows(bytes: Uint8Array, header: MetricsHeader, rows: Rows, first: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const targets = header.columns.map(({ name }) => rows.columns[name]);
  for (let i = first, at = 0; at + header.rowBytes <= bytes.byteLength; i++, at += header.rowBytes) {
    rows.step[i] = view.getUint32(at, true);
    rows.wallTime[i] = view.getFloat64(at + 4, true);
    for (let c = 0; c < targets.length; c++) targets[c][i] = view.getFloat32(at + leadBytes + 4 * c, true);
  }
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
  const { name, label, unit } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof label === 'string' && typeof unit === 'string';
}
