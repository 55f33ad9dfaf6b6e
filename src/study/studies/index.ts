// All studies by their id in the catalog.
import type { StudyId } from '../../catalog';
import type { Study } from '../study';
import { calibration } from './calibration';
import { correlation } from './correlation';
import { distances } from './distances';
import { modeCollapse } from './modeCollapse';
import { noise } from './noise';
import { overfitting } from './overfitting';
import { parallelLines } from './parallelLines';
import { robustness } from './robustness';
import { weightClipping } from './weightClipping';

export const studyById: { readonly [Id in StudyId]: Study } = {
  'parallel-lines': parallelLines,
  distances,
  'weight-clipping': weightClipping,
  noise,
  'mode-collapse': modeCollapse,
  correlation,
  robustness,
  calibration,
  overfitting,
};
