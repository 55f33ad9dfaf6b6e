// The pages that `npm run docs` generates.
import { kernelsPage } from './kernels';
import { reference } from './reference';
import { secondOrder } from './secondOrder';

/** File name in docs/ → the function that generates its text. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'kernels.md': kernelsPage,
  'reference.md': reference,
  'second-order.md': secondOrder,
};
