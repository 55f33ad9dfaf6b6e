// The pages that `npm run docs` writes, each from what it is about.
import { kernelsPage } from './kernels';
import { reference } from './reference';
import { secondOrder } from './secondOrder';

/** Name of the file in docs/ → its text. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'kernels.md': kernelsPage,
  'reference.md': reference,
  'second-order.md': secondOrder,
};
