import { expect, it } from 'vitest';
import { eventLine, toJson } from './output';

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
