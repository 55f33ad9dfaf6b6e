import { expect, it } from 'vitest';
import { createOutput, createStyle, eventLine, printable, toJson } from './output';

it('writes the values of a step on the same level as its number', () => {
  const line = eventLine({ event: 'step', step: 3, wallTime: 0.5, values: { estimate: 0.25, criticLoss: -1 } });
  expect(line).toBe('{"event":"step","step":3,"wallTime":0.5,"estimate":0.25,"criticLoss":-1}');
});

it('writes non-finite numbers as strings, at any depth', () => {
  expect(toJson({ a: NaN, b: [Infinity, { c: -Infinity }], d: 1 })).toBe(
    '{"a":"NaN","b":["Infinity",{"c":"-Infinity"}],"d":1}',
  );
});

it('escapes line breaks in a name', () => {
  const line = eventLine({ event: 'notice', level: 'info', message: 'two\nlines\u2028' });
  expect(line.split(/[\n\r]/)).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({ message: 'two\nlines\u2028' });
});

/** Text that retitles a terminal, clears it, colors it, hides text, moves its cursor and reverses a line. */
const hostile = 'a\x1b]0;title\x07\x1b[2J\x1b[31mb\x1b[8mc\rd\x9be\u202ef';
const shown = 'a\\x1b]0;title\\x07\\x1b[2J\\x1b[31mb\\x1b[8mc\\x0dd\\x9be\\u202ef';

const styled = createStyle(true).bold('text');

it('shows control characters in a line as escapes, although no caller has cleaned them', () => {
  expect(printable(`${hostile}\nnext`, false)).toBe(`${shown}\nnext`);
  expect(printable(`${styled} ${hostile}`, true)).toBe(`${styled} ${shown.replace('\\x1b[31m', '\x1b[31m')}`);
});

it('lets no other text reach a terminal', () => {
  const written: string[] = [];
  const stream = {
    fd: 1,
    isTTY: true,
    columns: 40,
    hasColors: () => true,
    on: () => {},
    write: (text: string) => written.push(text),
  };
  const out = createOutput(stream as unknown as Parameters<typeof createOutput>[0], () => {});
  out.line(out.style.bold(hostile));
  out.redraw(hostile);
  out.redraw();
  expect(written).toEqual([
    `\x1b[1m${shown.replace('\\x1b[31m', '\x1b[31m')}\x1b[22m\n`,
    `\r${shown}\x1b[K`,
    '\r\x1b[K',
  ]);
});

it('replaces the lines of a screen, cut to its width, and lets no other text reach it', () => {
  const written: string[] = [];
  const stream = {
    ...{ fd: 1, isTTY: true, columns: 10, rows: 5, hasColors: () => true, on: () => {} },
    write: (text: string) => written.push(text),
  };
  const out = createOutput(stream as unknown as Parameters<typeof createOutput>[0], () => {});
  expect(out.rows()).toBe(5);
  out.screen([out.style.bold('0123456789 and more'), 'a\x1b[2Jb\r and more']);
  out.screen(['one']);
  expect(written).toEqual(['\r\x1b[1m012345678\x1b[22m\x1b[K\na\\x1b[2Jb\x1b[K\n\x1b[J', '\x1b[2A\rone\x1b[K\n\x1b[J']);
});

it('keeps JSON of hostile text the same value', () => {
  const line = toJson({ message: hostile });
  expect(line).toMatch(/^[\x20-\x7e]*$/);
  expect(printable(line, true)).toBe(line);
  expect(JSON.parse(line)).toEqual({ message: hostile });
});
