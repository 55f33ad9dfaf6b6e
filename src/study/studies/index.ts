// All studies by their id in the catalog.
import type { StudyId } from '../../catalog';
import type { Study } from '../study';
import { distances } from './distances';
import { parallelLines } from './parallelLines';

export const studyById: { readonly [Id in StudyId]: Study } = {
  'parallel-lines': parallelLines,
  distances,
};
