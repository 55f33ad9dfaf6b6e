// Samples in the image of the latent explorer.
import { expect, it } from 'vitest';
import { tileAt } from './latentExplorer';

it('finds the sample at a position of the grid', () => {
  expect([tileAt(16, 0, 0), tileAt(16, 0.3, 0.1), tileAt(16, 0.1, 0.3), tileAt(16, 0.99, 0.99)]).toEqual([0, 1, 4, 15]);
  // Three columns and two rows, the last one with two samples.
  expect([tileAt(5, 0.5, 0.6), tileAt(5, 0.9, 0.6), tileAt(5, 1, 0.1), tileAt(5, 0.1, -0.1)]).toEqual([4, -1, -1, -1]);
});
