// All studies by their id in the catalog.
import type { StudyId } from '../../catalog';
import type { Study } from '../study';
import { architectures } from './architectures';
import { calibration } from './calibration';
import { correlation } from './correlation';
import { distances } from './distances';
import { modeCollapse } from './modeCollapse';
import { momentum } from './momentum';
import { noise } from './noise';
import { overfitting } from './overfitting';
import { parallelLines } from './parallelLines';
import { robustness } from './robustness';
import { saturation } from './saturation';
import { valueSurface } from './valueSurface';
import { vanishingGradients } from './vanishingGradients';
import { weightClipping } from './weightClipping';

export const studyById: { readonly [Id in StudyId]: Study } = {
  'parallel-lines': parallelLines,
  distances,
  saturation,
  'vanishing-gradients': vanishingGradients,
  'value-surface': valueSurface,
  architectures,
  'weight-clipping': weightClipping,
  noise,
  'mode-collapse': modeCollapse,
  correlation,
  robustness,
  calibration,
  momentum,
  overfitting,
};
