// Rule: penalties do not pull the slope of the critic to different values.
import { constraintOf, penaltiesOf, type Rule } from './rule';

export const penaltiesDisagree: Rule = {
  severity: 'warning',
  why: 'R1 and R2 pull the slope of the critic to 0 at the samples; a gradient penalty with a target pulls it to that target on the lines that end there.',
  source: 'Mescheder, Geiger, Nowozin 2018, section 4; Gulrajani et al. 2017, eq. 3',
  check: (experiment) => {
    const towards = constraintOf(experiment, 'gradient-penalty') ?? constraintOf(experiment, 'dragan');
    const flat = penaltiesOf(experiment).find(({ kind }) => kind === 'r1' || kind === 'r2');
    if (towards === undefined || flat === undefined) return [];
    const { kind, target, ...rest } = towards.constraint;
    if (target === 0 || ('sides' in rest && rest.sides === 'one')) return [];
    const path = ['constraint', flat.index];
    const message = `"${flat.kind}" pulls the slope of the critic to 0 and "${kind}" to ${target}; keep one of them.`;
    return [{ path, message, fixes: [{ title: `Remove "${flat.kind}"`, changes: [{ path, remove: true }] }] }];
  },
};
