// Edits of the text of an experiment file.
import { describe, expect, it } from 'vitest';
import { withValue } from './textEdits';

describe('a new setting after one with a comment at the end of its line', () => {
  it.each([
    ['{\n  "a": 1 // one\n}\n', '{\n  "a": 1, // one\n  "b": 2\n}\n'],
    ['{\r\n\t"a": 1, /* one */\r\n}', '{\r\n\t"a": 1, /* one */\r\n\t"b": 2\r\n}'],
    ['{\n  "a": 1\n  // the end\n}', '{\n  "a": 1,\n  "b": 2\n  // the end\n}'],
  ])('leaves the comment where it is: %j', (text, edited) => expect(withValue(text, ['b'], 2)).toBe(edited));

  it('has the layout of the file if it is an object, also inside another', () =>
    expect(withValue('{\n  "a": {\n    "x": 1 // one\n  }\n}', ['a', 'b'], { c: 2 })).toBe(
      '{\n  "a": {\n    "x": 1, // one\n    "b": {\n      "c": 2\n    }\n  }\n}',
    ));
});
