// The pages that `npm run docs` writes, each from what it is about.
import { reference } from './reference';

/** Name of the file in docs/ → its text. */
export const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'reference.md': reference,
};
