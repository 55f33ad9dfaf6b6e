// Points of text files and arrays: what is read, what is ignored, and invalid lines with their numbers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failure, fixtures, inOrder, npyFile, open } from '../../../test/support/dataFixtures';
import type { DataConfig } from '../../catalog';
import type { DataSource } from '../index';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'points-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const read = (text: string | Buffer, given: Partial<DataConfig<'points'>> = {}) => {
  writeFileSync(path.join(folder, 'p.csv'), text);
  return open('points', { path: 'p.csv', ...given }, { folder });
};
const points = (source: DataSource, from: 'batch' | 'validationBatch' = 'batch') => {
  const [d] = source.shape;
  const out = new Float32Array(d * (from === 'batch' ? source.size : source.validationSize));
  source[from]({ seed: 1, stream: 'data', step: 0 }, out);
  return Array.from({ length: out.length / d }, (_, i) => [...out.subarray(d * i, d * i + d)]).sort(inOrder);
};
const three = [
  [-1, 0.5],
  [2, 3000],
  [4.5, -0.25],
];

describe('a text file of points', () => {
  test.each([
    ['commas and a header', 'x,y\n-1,0.5\n2,3e3\n4.5,-.25\n'],
    ['semicolons, quotes, Windows line ends', '\ufeff"x";"y"\r\n"-1";"0.5"\r\n2;+3.0E3\r\n4.5;-0.25'],
    ['tabs', '-1\t0.5\n2\t3000\n4.5\t-0.25'],
    ['spaces as numpy.savetxt writes them', '# x y\n-1.0e+00 5.0e-01\n\n 2 3000 \n4.5   -0.25\n'],
    ['Mac line ends', '-1,0.5\r2,3000\r4.5,-0.25\r'],
    ['decimal commas and semicolons', 'x;y\n-1;0,5\n2;3000\n4,5;-0,25\n'],
    ['decimal commas and tabs', '-1\t0,5\n2,0\t3e3\n4,5\t-,25\n'],
    ['decimal commas and spaces', '-1 0,5\n2,0   3e3\n4,5 -0,25\n'],
    ['quoted decimal commas', 'x,y\n"-1","0,5"\n"2","3000"\n"4,5","-0,25"\n'],
    ["Excel's line about the delimiter", 'sep=;\nx;y\n-1;0,5\n2;3000\n4,5;-0,25\n'],
    ['title lines', 'Measurement 7\n"Date: 3 May, 2020"\n\nx,y\n-1,0.5\n2,3000\n4.5,-0.25\n'],
    ['empty rows at its end', '-1,0.5\n2,3000\n4.5,-0.25\n,\n,\n'],
    ['a delimiter at the end of each line', 'x,y,\n-1,0.5,\n2,3000,\n4.5,-0.25,\n'],
    ['a delimiter at the end of each line but the header', 'x;y\n-1;0.5;\n2;3000;\n4.5;-0.25;\n'],
    ["pandas' index", ',x,y\n0,-1,0.5\n1,2,3000\n2,4.5,-0.25\n'],
    ["pandas' index, saved twice", 'Unnamed: 0,x,y\n0,-1,0.5\n1,2,3000\n2,4.5,-0.25\n'],
    ["pandas' numbers as a header", '0,1\n-1.0,0.5\n2.0,3000\n4.5,-0.25\n'],
    ["pandas' index and numbers as a header", ',0,1\n0,-1,0.5\n1,2,3000\n2,4.5,-0.25\n'],
    ["R's row names", '"x" "y"\n"1" -1 0.5\n"2" 2 3000\n"3" 4.5 -0.25\n'],
    [
      "R's row names as text",
      'x y\nMazda -1 0.5\nFiat 2 3000\n"Opel Corsa" 4.5 -0.25\n'.replace('"Opel Corsa"', 'Opel'),
    ],
    ["R's row names in a csv file", '"","x","y"\n"1",-1,0.5\n"2",2,3000\n"3",4.5,-0.25\n'],
    ['a column of row numbers', 'id,x,y\n1,-1,0.5\n2,2,3000\n3,4.5,-0.25\n'],
    ['UTF-16', Buffer.from('\ufeffx;y\r\n-1;0,5\r\n2;3000\r\n4,5;-0,25', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('-1,0.5\n2,3000\n4.5,-0.25\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\ufeff-1,0.5\n2,3000\n4.5,-0.25\n', 'utf16le').swap16()],
    ['gzip', gzipSync('x,y\n-1,0.5\n2,3000\n4.5,-0.25\n')],
  ])('is read with %s', async (_, text) => expect(points(await read(text))).toEqual(three));

  test('gives a note that quotes its header, and points can be held out', async () => {
    const source = await read('a,b\n1,2\n3,4\n5,6\n7,8\n', { validation: 0.5 });
    expect(source).toMatchObject({ shape: [2], size: 2, validationSize: 2 });
    expect(source.notes).toEqual([
      '4 points of 2 numbers from "p.csv" ("a" and "b"); 2 points held out.',
      'Line 1 was read as a header: "a,b".',
    ]);
    expect([...points(source), ...points(source, 'validationBatch')].sort((a, b) => a[0] - b[0])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  test.each([
    ['1,2\n3,four\n', 'line 2 has no finite number in value 2: "3,four"'],
    ['1,2\nnan,4\n', 'line 2 has no finite number in value 1'],
    ['1,2\n5,6\n\n#\n3\n', 'line 5 has one value instead of 2'],
    ['1,2\n3,4\n1,2,3\n', 'line 3 has 3 values instead of 2'],
    ['1,2\nx,y\n', 'line 2 has no finite number'],
    ['1.5;2\n1,5;2,5\n', 'line 2 has no finite number in value 1 (for decimal commas set "data.decimal" to "comma")'],
    ['1,1e999\n', 'line 1 has no finite number in value 2'],
    ['1,-4e38\n', 'line 1 has a number in value 2 that exceeds the largest float32 number'],
    [`1,2\n3,4\n${'9'.repeat(3_000_000)}\n`, 'line 3 is longer than 2,097,152 characters'],
    ['1,0x10\n2,3\n', 'line 1 has no finite number in value 2'],
    ['x,y\n1,2\n#N/A,3\n', 'line 3 has no finite number in "x": "#N/A,3"'],
    ['x;y\n1;2\n#DIV/0!;3\n', 'line 3 has no finite number in "x": "#DIV/0!;3"'],
    ['1 2\n#WERT! 3\n', 'line 2 has no finite number in value 1'],
    ['#NAME?,3\n1,2\n', 'line 1 has no finite number in value 1'],
    ['x,y\n1,2\n3,NA\n', 'line 3 has no finite number in "y"'],
    ['x,y\n1,2\n3,\n', 'line 3 has no finite number in "y"'],
    ['x,y\nNA,2\n3,4\n', 'line 2 has no finite number in "x"'],
  ])('with an invalid line is rejected (case %#)', async (text, message) => {
    const error = await failure(read(text));
    expect(error).toMatchObject({ code: 'bad-file', path: ['data', 'onError'] });
    expect(error.message).toContain(message);
    expect(error.message.length).toBeLessThan(400);
  });

  test('has invalid lines skipped, named and counted if requested', async () => {
    const source = await read('1,2\noops\n3,4\n5,\n', { onError: 'skip' });
    expect(source.size).toBe(2);
    expect(source.notes.at(-1)).toBe(
      '2 lines skipped: line 2 has one value instead of 2: "oops", line 4 has no finite number in value 2: "5,".',
    );
    expect((await failure(read('x,y\n1,NA\n', { onError: 'skip' }))).message).toContain('line 2 has no finite number');
    expect((await failure(read('oops\n', { onError: 'skip' }))).message).toContain('it contains no points');
    expect((await failure(read(''))).message).toContain('it is empty');
    expect((await failure(read('# nothing\n'))).message).toContain('it contains no numbers');
  });

  test.each([
    ['x;y', '1.234,10;2.345,5', '1.234,10', 'thousands separators'],
    ['x;y', '1\u202f234,10;2\u00a0345,5', '1\u202f234,10', 'thousands separators'],
    ['x,y', '"1,234.5","2,345.25"', '1,234.5', 'thousands separators'],
    ['x,y', '10%,20 %', '10%', 'percent signs'],
    ['x,y', '$1.50,€2.20', '$1.50', 'currency signs'],
    ['x,y', '\u22120.5,\u22121.5', '\u22120.5', 'a typographic minus'],
    ['x y', '1.5D-03 2.5D+00', '1.5D-03', 'exponents after a D'],
    ['x,y', '0x1f,0x2f', '0x1f', 'hexadecimal digits'],
    ['x|y', '0.1|0.2', '0.1|0.2', undefined],
  ])(
    'with the header %j whose numbers are written as %j is refused with a name for that',
    async (header, row, value, notation) => {
      const problem = `is text (${JSON.stringify(value)}${notation === undefined ? '' : `; numbers with ${notation} are not read`})`;
      for (const text of [`${row}\n${row}\n`, `${header}\n${row}\n${row}\n`]) {
        const { message } = await failure(read(text));
        expect(message).toContain('it has no column of numbers; ');
        expect(message).toContain(problem);
        expect(message).toContain('plain numbers such as -1234.5');
      }
      if (notation !== undefined) {
        const last = await failure(read(`x\n1\n2\n3\n"${value}"\n`, { decimal: 'point', delimiter: 'semicolon' }));
        expect(last.message).toContain(`line 5 has no finite number in "x" (numbers with ${notation} are not read)`);
      }
    },
  );

  test('has the missing values of databases, C and German tables counted as missing', async () => {
    const missing = ['-nan', 'nan(ind)', '-1.#IND', '1.#INF', '\\N', '--', 'n.a.', 'k. A.', '∞'];
    const source = await read(`x,y\n1,2\n${missing.map((value) => `1,${value}\n`).join('')}`, { onError: 'skip' });
    expect(source.size).toBe(1);
    expect(source.notes.at(-1)).toContain(`${missing.length} lines skipped`);
  });

  test('in Windows-1252 has its columns chosen by their names', async () => {
    const text = Buffer.from('a,b,gr\xf6\xdfe\n1,2,3\n4,5,6\n', 'latin1');
    const source = await read(text, { columns: ['a', 'größe'] });
    expect(points(source)).toEqual([
      [1, 3],
      [4, 6],
    ]);
  });

  test('of a script without zeros in UTF-16 is read, and UTF-32 is refused by its name', async () => {
    const text = '\u7e26,\u6a2a\n-1,0.5\n2,3000\n4.5,-0.25\n';
    expect(points(await read(Buffer.from(text, 'utf16le')))).toEqual(three);
    expect(points(await read(Buffer.from(text, 'utf16le').swap16()))).toEqual(three);
    const utf32 = Buffer.from(Uint32Array.from(`\ufeff${text}`, (letter) => letter.charCodeAt(0)).buffer);
    expect((await failure(read(utf32))).message).toContain('it is text in UTF-32. Save it as UTF-8.');
  });

  test('has columns found however accented letters are encoded', async () => {
    expect(points(await read('e\u0301,b\n1,2\n3,4\n', { columns: ['\u00e9'] }))).toEqual([[1], [3]]);
  });

  test('has long lines read whole, and those that are too long refused, also if all are', async () => {
    // As numpy.savetxt writes 49,152 values, those of an image of 128 x 128 x 3.
    const line = Array.from({ length: 49_152 }, (_, i) => ((i % 97) / 97).toExponential(18)).join(' ');
    const source = await read(`${line}\n${line}\n`);
    expect(source.shape).toEqual([49_152]);
    const [last] = points(source).map((row) => row.at(-1));
    expect(last).toBeCloseTo((49_151 % 97) / 97, 6);
    const longer = `${'0.1'.padEnd(40, '1')} `.repeat(60_000);
    expect((await failure(read(`${longer}\n${longer}\n`))).message).toContain(
      'line 1 is longer than 2,097,152 characters',
    );
  });

  test('with a value over several lines is refused with the reason', async () => {
    const text = 'name,x,y\n"a\nb",1,2\nc,3,4\nd,5,6\n';
    expect((await failure(read(text, { columns: ['x', 'y'] }))).message).toContain(
      'line 2 has a quotation mark without its partner (values with line breaks are not read)',
    );
  });

  test('of one column with decimal commas needs a setting', async () => {
    const text = '0,458\n-1,07\n2,25\n';
    const error = await failure(read(text));
    expect(error.path).toEqual(['data', 'decimal']);
    expect(error.message).toContain('has lines such as "-1,07", whose commas may be decimal commas');
    expect(points(await read(text, { decimal: 'comma' }))).toEqual(
      [[-1.07], [0.458], [2.25]].map((p) => p.map(Math.fround)),
    );
    expect(points(await read(text, { decimal: 'point' }))).toEqual([
      [-1, 7],
      [0, 458],
      [2, 25],
    ]);
  });

  test('is split at the given delimiter', async () => {
    expect((await failure(read('1;2\n3;4\n', { delimiter: 'comma' }))).message).toContain(
      'it has no column of numbers; column 1 is text ("3;4")',
    );
    expect(points(await read('1 2\n', { delimiter: 'space' }))).toEqual([[1, 2]]);
  });

  test.each([
    [
      'thousands or decimals',
      '1,500;2,250\n1,750;3,125\n',
      { decimal: 'comma' },
      [
        [1.5, 2.25],
        [1.75, 3.125],
      ],
    ],
    [
      'a header of numbers or a point',
      '0,1\n1,0\n',
      { header: 'no' },
      [
        [0, 1],
        [1, 0],
      ],
    ],
    ['a header of numbers or a point', '0,1\n1,0\n', { header: 'yes' }, [[1, 0]]],
  ] as const)('that has %s needs a setting, which the message names', async (_, text, setting, expected) => {
    const [key] = Object.keys(setting);
    const error = await failure(read(text));
    expect(error.path).toEqual(['data', key]);
    expect(error.message).toContain(`Set "data.${key}" to`);
    expect(points(await read(text, setting))).toEqual(expected);
  });

  test('that is binary is an error, not a crash', async () => {
    for (const bytes of [
      Buffer.alloc(100_000),
      Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) >> 3)),
    ]) {
      expect((await failure(read(bytes))).code).toBe('bad-file');
    }
  });
});

test('standardized points have mean 0 and variance 1, and the original values are in the notes', async () => {
  const source = await read('0,10\n2,10\n4,40\n', { standardize: true });
  const found = points(source);
  for (const axis of [0, 1]) {
    expect(found.reduce((sum, point) => sum + point[axis], 0)).toBeCloseTo(0, 6);
    expect(found.reduce((sum, point) => sum + point[axis] ** 2, 0) / 3).toBeCloseTo(1, 6);
  }
  expect(source.notes[1]).toBe(
    'Standardized: mean (2, 20) and standard deviation (1.63299, 14.1421) were scaled to 0 and 1.',
  );
  const error = await failure(read('1,2\n1,3\n', { standardize: true }));
  expect(error).toMatchObject({ code: 'bad-setting', path: ['data', 'standardize'] });
});

describe('columns', () => {
  const table = 'x,y,label\n-1,0.5,1\n2.5,3000,0\n4.5,-0.25,1\n';
  test.each([
    [
      ['x', 'y'],
      [
        [-1, 0.5],
        [2.5, 3000],
        [4.5, -0.25],
      ],
    ],
    [
      [2, 1],
      [
        [-0.25, 4.5],
        [0.5, -1],
        [3000, 2.5],
      ],
    ],
    [
      ['1-2'],
      [
        [-1, 0.5],
        [2.5, 3000],
        [4.5, -0.25],
      ],
    ],
    [[' Y '], [[-0.25], [0.5], [3000]]],
    [
      ['x', 'y', 'label'],
      [
        [-1, 0.5, 1],
        [2.5, 3000, 0],
        [4.5, -0.25, 1],
      ],
    ],
  ])('are chosen by %j', async (columns, expected) => {
    const source = await read(table, { columns });
    expect([source.shape, points(source)]).toEqual([[expected[0].length], expected]);
  });

  const shuffledIds = Array.from({ length: 24 }, (_, i) => (7 * i) % 24);

  test.each([
    [table, '"label" looks like a label or a row number', '"data.columns": ["x","y"]'],
    [table.replace(/label/, 'z').replace(/,([01])\n/g, ',$1 cm\n'), '"z" is text', '"data.columns": ["x","y"]'],
    ['5.1;3.5;a\n4.9;3.0;b\n4.7;3.2;a\n', 'column 3 is text', '"data.columns": [1,2]'],
    [`${'0.5,1.5,0\n0.25,2.5,1\n1.5,0.75,1\n'.repeat(3)}`, 'column 3 looks like a label', '"data.columns": [1,2]'],
    ['0,0.5,1.5\n1,0.25,2.5\n2,1.5,0.75\n3,2.5,1.75\n4,0.1,0.2\n', 'column 1 looks like', '"data.columns": [2,3]'],
    [`${shuffledIds.map((id, i) => `${id},0.${i + 1},1.5`).join('\n')}`, 'column 1 looks like a label', '[2,3]'],
    [`a,b,patient_id\n0.1,0.2,7\n0.5,0.1,3\n0.2,0.2,12\n`, '"patient_id" looks like', '"data.columns": ["a","b"]'],
    [`ID,x\n3,0.1\n1,0.5\n2,0.2\n`, '"ID" looks like a label or a row number', '"data.columns": ["x"]'],
    // As scikit-learn writes iris.csv: a line with counts, then rows that end in the class.
    [`9,2,setosa\n${'5.1,3.5,0\n4.9,3.0,1\n4.7,3.2,2\n'.repeat(3)}`, 'column 3 looks like', '"data.columns": [1,2]'],
  ])('must be chosen if one may be no number of a sample (case %#)', async (text, reason, advice) => {
    const error = await failure(read(text));
    expect(error).toMatchObject({ code: 'bad-setting', path: ['data', 'columns'] });
    expect(error.message).toContain(reason);
    expect(error.message).toContain(advice);
  });

  test('a column of different whole numbers is data if it is not the first, nor named as an id', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => `0.${i + 1},${(7 * i) % 24}`);
    expect((await read(rows.join('\n'))).shape).toEqual([2]);
    expect((await read(`size,idle\n${rows.join('\n')}`)).shape).toEqual([2]);
    expect((await read(`id\n${'3\n1\n2\n'}`)).shape).toEqual([1]);
  });

  test.each(['1 1:0.5 2:-2\n-1 1:3\n', '+1 3:1e-3 \n0 1:2 4:5 # comment\n', '2 1:1\n'])(
    'a file of LIBSVM is named: %j',
    async (text) => {
      const { message } = await failure(read(text));
      expect(message).toContain('it is in the format of LIBSVM');
      expect(message).toContain('load_svmlight_file(path)[0].toarray()');
    },
  );

  test.each([
    [['x', 'z'], 'no column "z". It has 3 columns: "x", "y", "label".'],
    [[4], 'no column 4'],
    [['2-9'], 'no columns 2-9'],
    [['x', 1], '"data.columns" has "x" twice'],
  ])('that do not exist or are given twice are rejected: %j', async (columns, message) => {
    const error = await failure(read(table, { columns }));
    expect(error.path).toEqual(['data', 'columns']);
    expect(error.message).toContain(message);
    expect((await failure(read('1,2\n3,4\n', { columns: ['x'] }))).message).toContain('no header, so no column "x"');
    expect((await failure(read('x,y,x\n1,2,3\n3,4,5\n', { columns: ['x', 'y'] }))).message).toContain(
      'has 2 columns named "x"; give the number of one (1 or 3)',
    );
  });

  test('have the names in the comment above the rows, as numpy.savetxt writes them', async () => {
    expect(points(await read('# made 2020\n# x y z\n1 2 3\n4 5 6\n', { columns: ['z'] }))).toEqual([[3], [6]]);
  });

  test.each([1, 2, 3, 40])('give points of %i dimensions', async (d) => {
    const rows = [0, 1, 2, 3].map((i) => Array.from({ length: d }, (_, k) => i + k / 64 + 0.5));
    const text = rows.map((row) => row.join(',')).join('\n');
    const source = await read(text, { validation: 0.25 });
    expect(source).toMatchObject({ shape: [d], size: 3, validationSize: 1 });
    expect([...points(source), ...points(source, 'validationBatch')].sort(inOrder)).toEqual(rows);
    writeFileSync(path.join(folder, 'p.npy'), npyFile(d === 1 ? [4] : [4, d], Float64Array.from(rows.flat())));
    expect(points(await open('points', { path: 'p.npy' }, { folder }))).toEqual(rows);
  });

  test('of a NumPy array are chosen by number', async () => {
    writeFileSync(path.join(folder, 'p.npy'), npyFile([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)));
    expect(points(await open('points', { path: 'p.npy', columns: [3, 1] }, { folder }))).toEqual([
      [3, 1],
      [6, 4],
    ]);
  });
});

test('a column that is constant or far from unit scale is reported', async () => {
  const far = await read('age,income\n1.5,3e6\n0.5,1e6\n-1,2e5\n');
  expect(far.notes.at(-1)).toBe(
    'Far from unit scale, for which networks are initialized: "income" has values from 2.00e+5 to 3.00e+6. Set "data.standardize" to true.'.replace(
      '2.00e+5',
      '200000',
    ),
  );
  expect((await read('a,b\n1,2\n1,3\n')).notes.at(-1)).toBe('All values are the same in "a".');
  const rows = Array.from({ length: 20 }, (_, i) => `${Math.sin(i)},0.1`).join('\n');
  const error = await failure(read(`x,y\n${rows}`, { standardize: true }));
  expect(error).toMatchObject({ code: 'bad-setting', path: ['data', 'standardize'] });
  expect(error.message).toContain('The values of "y" in');
  expect(error.message).toContain('are all 0.1');
});

describe('NumPy files', () => {
  const numpy = (name: string, given: Partial<DataConfig<'points'>> = {}) =>
    open('points', { path: `numpy/${name}`, ...given }, { folder: fixtures });

  test('are read as an array of points, or as text written by numpy.savetxt', async () => {
    expect((await failure(numpy('points.npy'))).message).toContain(
      'row 2 is (Infinity, 0), not 2 finite float32 numbers',
    );
    const skipped = await numpy('points.npy', { onError: 'skip' });
    expect(points(skipped)).toEqual([
      [0.5, -1],
      [1, 1],
      [2, 3],
    ]);
    expect(points(await numpy('points.txt'))).toEqual([
      [0.5, -1],
      [1, 1],
      [2, 3],
    ]);
    expect((await failure(numpy('records.npy'))).message).toMatch(
      /several fields, not plain numbers \(.*\)\. Save the array again with/,
    );
    expect((await failure(numpy('u1.npy'))).message).toContain('its shape is (5, 4, 4, 3), but points need [N, d]');
  });
});
