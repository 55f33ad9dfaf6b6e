import { expect, test } from 'vitest';
import { jsonList, oneOf } from './errorHints';

test('values are listed as JSON', () => {
  expect(oneOf(['a'])).toBe('"a"');
  expect(oneOf(['a', 2, 'c'])).toBe('"a", 2 or "c"');
  expect(oneOf([])).toBe('');
  expect(jsonList(['a', 2, 'c'])).toBe('"a", 2, "c"');
});
