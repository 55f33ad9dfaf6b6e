// What points in a plane want that pictures do not: the settings of the toy problems, for quick starts and new experiments.
import type { PresetId } from '../../catalog';
import type { Setting } from './commented';

/** Overrides of a preset for data that are points: the weight of a penalty, and a rate that suits a small game. */
export function toySettings(preset: PresetId): Setting[] {
  if (preset !== 'wgan-gp') return [];
  return [
    {
      key: 'constraint',
      value: { kind: 'gradient-penalty', lambda: 1 },
      why: [
        'Keeps the slope of the critic near 1. The paper takes lambda 10 for images and its code 0.1 for toy data; this is between.',
      ],
    },
    {
      key: 'optimizer',
      value: { kind: 'adam', learningRate: 5e-4, beta1: 0, beta2: 0.9 },
      why: [
        "Five times the paper's rate: the game is small. No momentum (beta1 0), as what the critic minimises moves all the time.",
      ],
    },
  ];
}
