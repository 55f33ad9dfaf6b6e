import { expect, it } from 'vitest';
import { eventLine, toJson } from './output';

it('puts the values of a step next to its number', () => {
  const line = eventLine({ event: 'step', step: 3, wallTime: 0.5, values: { estimate: 0.25, criticLoss: -1 } });
  expect(line).toBe('{"event":"step","step":3,"wallTime":0.5,"estimate":0.25,"criticLoss":-1}');
});

it('writes numbers that are not finite as strings, at any depth', () => {
  expect(toJson({ a: NaN, b: [Infinity, { c: -Infinity }], d: 1 })).toBe(
    '{"a":"NaN","b":["Infinity",{"c":"-Infinity"}],"d":1}',
  );
});

it('keeps a name with line ends on one line', () => {
  const line = eventLine({ event: 'notice', level: 'info', message: 'two\nlines\u2028' });
  expect(line.split(/[\n\r]/)).toHaveLength(1);
  expect(JSON.parse(line)).toMatchObject({ message: 'two\nlines\u2028' });
});
