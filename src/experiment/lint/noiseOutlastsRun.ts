// Rule: instance noise has faded when the run ends.
import { setting, type Rule } from './rule';

export const noiseOutlastsRun: Rule = {
  severity: 'warning',
  why: 'Noise that is left at the end blurs what the generator learns to imitate.',
  source: 'Sønderby et al. 2017, Amortised MAP Inference for Image Super-resolution',
  check: ({ stabilization: { instanceNoise }, steps }) => {
    if (instanceNoise === null || instanceNoise.steps === null || instanceNoise.steps <= steps) return [];
    const message = `Instance noise fades over ${instanceNoise.steps} steps and the run has ${steps}; take null for the whole run.`;
    const path = ['stabilization', 'instanceNoise', 'steps'];
    return [{ path, message, fixes: [setting(path, null)] }];
  },
};
