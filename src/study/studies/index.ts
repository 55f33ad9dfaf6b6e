// All studies by their id in the catalog.
import type { StudyId } from '../../catalog';
import type { CountedStudy, Study } from '../study';
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

const studyById: { readonly [Id in StudyId]: Study | CountedStudy } = {
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

/** The study with `count` cases if it is a counted one; without a count, as docs/reproductions.md reports it. */
export function studyOf(id: StudyId, count?: number): Study {
  const study = studyById[id];
  return 'of' in study ? study.of(count ?? study.count) : study;
}

/** What a study counts and how many of them it has; undefined if it has no count. */
export function countedIn(id: StudyId): Pick<CountedStudy, 'count' | 'cases'> | undefined {
  const study = studyById[id];
  return 'of' in study ? study : undefined;
}
