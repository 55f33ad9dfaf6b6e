import { expect, it } from 'vitest';
import { tableLines } from './tableLines';

it('aligns columns, and shortens numbers but not those of seeds', () => {
  const lines = tableLines({
    columns: ['seed', 'case', 'w1'],
    rows: [
      [20261201, 'a\u001b[2J', 0.123456],
      [7, 'b', 1e-7],
    ],
  });
  expect(lines).toEqual(['seed      case      w1', '20261201  a\\x1b[2J  0.1235', '7         b         1.00e-7']);
});
