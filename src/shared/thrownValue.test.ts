import { expect, it } from 'vitest';
import { messageOf, stackOf } from './thrownValue';

const refuse = (): never => {
  throw new Error('no');
};

it('gives the message of any value', () => {
  const values = [new TypeError('broken'), 'text', null, undefined, Symbol('s')];
  expect(values.map(messageOf)).toEqual(['broken', 'text', 'null', 'undefined', 'Symbol(s)']);
  const unreadable = [
    Object.create(null) as object,
    { toString: refuse },
    Object.defineProperty(new Error(''), 'message', { get: refuse }),
  ];
  for (const value of unreadable) expect(messageOf(value)).toBe('a value that cannot be shown as text');
});

it('gives the stack of an error only', () => {
  expect(stackOf(new Error('x'))).toMatch(/^Error: x\n +at /);
  expect([
    stackOf('x'),
    stackOf(null),
    stackOf(Object.defineProperty(new Error(''), 'stack', { get: refuse })),
  ]).toEqual(['', '', '']);
});
