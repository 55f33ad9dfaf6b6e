// Rule: learning rates are within a factor of ten of those of the preset.
import { optimizers, presets, type Optimizer, type PresetId, type PresetSettings } from '../../catalog';
import { usualPreset } from '../resolve';
import { setting, type Rule } from './rule';

export const learningRate: Rule = {
  severity: 'warning',
  why: 'High learning rates carry the critic past its optimum, and the estimate then says nothing about the distance.',
  source: 'Arjovsky, Chintala, Bottou 2017, section 4.2',
  check: (experiment) => {
    const preset = usualPreset({ ...experiment, constraint: [...experiment.constraint] });
    return (['generator', 'critic'] as const).flatMap((role) => {
      const optimizer = experiment.optimizer[role];
      const { rate, of } = usualRate(preset, optimizer);
      const factor = optimizer.learningRate / rate;
      if (factor < 10) return [];
      const times = Number(factor.toPrecision(2));
      const message = `learningRate is ${optimizer.learningRate}, ${times} times the ${rate} of ${of}; start from there.`;
      const path = ['optimizer', role, 'learningRate'];
      return [{ path, message, fixes: [setting(path, rate)] }];
    });
  },
};

/** The rate of the preset where it has the same optimizer, else the default of the optimizer. */
function usualRate(preset: PresetId, { kind }: Optimizer): { rate: number; of: string } {
  const { optimizer }: PresetSettings = presets[preset].settings;
  const rate = optimizer.kind === kind ? optimizer.learningRate : undefined;
  if (rate !== undefined) return { rate, of: `the preset "${preset}"` };
  return { rate: optimizers[kind].parameters.learningRate.default, of: `"${kind}"` };
}
