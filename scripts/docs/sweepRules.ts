// The rules about sweep files, each with the message for a sweep that breaks it.
import { checkSweep } from '../../src/sweep/checkSweep';
import type { SweepRuleId } from '../../src/sweep/sweepRules';
import { code } from './markdown';

const rules: Readonly<Record<SweepRuleId, { readonly why: string; readonly broken: object }>> = {
  'ranked-by-critic': {
    why: "The critic's estimate of the distance has a scale of its own for each critic, constraint and objective. Trials that differ in them cannot be compared by it.",
    broken: { over: { 'critic.width': [64, 128] }, result: { metric: 'estimate' } },
  },
  'result-not-measured': {
    why: 'The table would have no numbers, which would be seen only after all trials have been trained.',
    broken: { set: { metrics: [] }, result: { metric: 'w1' } },
  },
  'unknown-in-skip': {
    why: 'A rule about a setting that no trial varies skips nothing; usually its name is misspelled.',
    broken: { over: { 'critic.width': [64, 128] }, skip: [{ 'critic.depth': 2 }] },
  },
  'idle-skip': {
    why: 'A rule that no trial fits skips nothing; usually a value is misspelled.',
    broken: { cases: { clip: {}, GP: {} }, skip: [{ case: 'clp' }] },
  },
  'no-effect': {
    why: 'Trials that differ in nothing but such a setting would be equal.',
    broken: { cases: { small: { 'critic.width': 32 } }, over: { 'critic.width': [64, 128] } },
  },
  'batch-not-shared': {
    why: 'Each process has an equal part of every batch.',
    broken: { set: { batchSize: 64 }, slurm: { ranks: 3 } },
  },
  'experiment-missing': {
    why: 'All trials are changes of this experiment.',
    broken: { experiment: './missing.gan.json' },
  },
  'too-many-trials': {
    why: 'A grid grows with the product of its lists, and a plan of this size is usually a mistake.',
    broken: {
      over: {
        'critic.width': numbers(100),
        'generator.width': numbers(100),
        'critic.depth': numbers(8),
      },
    },
  },
  'no-trials': {
    why: 'There would be nothing to train.',
    broken: { over: { 'critic.width': [64] }, skip: [{ 'critic.width': 64 }] },
  },
};

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k + 1);
}

/** Code, severity, message and reason of each rule. */
export const sweepRuleRows = (): string[][] =>
  Object.entries(rules).map(([id, { why, broken }]) => {
    const { problems } = checkSweep(JSON.stringify({ experiment: './a.gan.json', ...broken }), 'a.sweep.json', {
      read,
    });
    const problem = problems.find((each) => each.code === id);
    if (problem === undefined) throw new Error(`The example of ${id} does not break it: ${JSON.stringify(problems)}`);
    return [code(id), problem.severity, problem.message, why];
  });

function read(file: string): string {
  if (file.endsWith('a.gan.json')) return '{ "data": { "source": "gaussians-ring" }, "metrics": ["w1"] }';
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
}
