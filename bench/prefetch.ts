// What it is worth to draw batches ahead: the built trainer with its thread and without, in turns, on whole trainings.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { median } from './statistics';

interface FeedCase {
  readonly name: string;
  /** An experiment file of the project, and settings that change it, as `--set` takes them. */
  readonly file: string;
  readonly set: readonly string[];
  /** Steps that are timed. */
  readonly steps: number;
}

/** What one training is asked. */
export interface Training extends Omit<FeedCase, 'name'> {
  readonly root: string;
  readonly ahead: boolean;
}

/** Milliseconds a step, by the clock and of all processors together, and the share of updates whose draws were there. */
export interface Trained {
  readonly ms: number;
  readonly processorMs: number;
  readonly share: number;
}

const noise = 'stabilization.instanceNoise={"sigma":0.5,"schedule":"linear"}';
const wide = '{"network":"mlp","depth":3,"width":512}';
const small = '{"network":"mlp","depth":1,"width":8}';
const shapes = 'data={"source":"shapes","size":64,"samples":500}';
const digits = 'examples/digits-wgan-gp.gan.json';

/**
 * Points, of which little is drawn; the perceptron of the races on digits; it and a convolutional one under instance noise, 100,000
 * normals an update of the critic, on all cores and with one left; and images of which more is drawn than computed.
 */
export const feedCases: readonly FeedCase[] = [
  { name: 'eight-gaussians', file: 'examples/eight-gaussians.gan.json', set: [], steps: 2000 },
  { name: 'digits-mlp', file: digits, set: [`generator=${wide}`, `critic=${wide}`], steps: 60 },
  { name: 'digits-mlp-noise', file: digits, set: [`generator=${wide}`, `critic=${wide}`, noise], steps: 60 },
  {
    name: 'digits-mlp-noise, one thread',
    file: digits,
    set: [`generator=${wide}`, `critic=${wide}`, noise, 'threads=1'],
    steps: 40,
  },
  { name: 'digits-conv-noise', file: digits, set: [noise], steps: 40 },
  { name: 'shapes-64-noise', file: digits, set: [shapes, `generator=${small}`, `critic=${small}`, noise], steps: 15 },
];

/** Trains every case once each way a round, in alternating order, and says the medians: a table. */
export function raceFeeds(cases: readonly FeedCase[], rounds: number, root: string, say: (text: string) => void): void {
  const bundle = path.join(root, 'dist', 'bench', 'training.cjs');
  if (!existsSync(path.join(root, 'dist', 'prefetch-worker.cjs'))) throw new Error('dist/ is not built: npm run build');
  say('| case | between, ms a step | ahead, ms a step | ratio | processor ms, between and ahead | there in time |');
  say('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, ...of } of cases) {
    const trained = (ahead: boolean): Trained => {
      const asked: Training = { ...of, root, ahead };
      return JSON.parse(
        execFileSync(process.execPath, [bundle, JSON.stringify(asked)], { encoding: 'utf8' }),
      ) as Trained;
    };
    const turns = Array.from({ length: rounds }, (_, round) => {
      const first = trained(round % 2 === 1);
      const second = trained(round % 2 === 0);
      return round % 2 === 1 ? { ahead: first, between: second } : { ahead: second, between: first };
    });
    const [before, after] = (['between', 'ahead'] as const).map((way) => turns.map((turn) => turn[way]));
    const ratio = median(turns.map(({ ahead, between }) => between.ms / ahead.ms));
    const middle = (of: readonly Trained[], figure: keyof Trained): number => median(of.map((one) => one[figure]));
    const cells = [
      name,
      middle(before, 'ms').toFixed(2),
      middle(after, 'ms').toFixed(2),
      ratio.toFixed(2),
      `${middle(before, 'processorMs').toFixed(2)}, ${middle(after, 'processorMs').toFixed(2)}`,
      `${(100 * middle(after, 'share')).toFixed(0)} %`,
    ];
    say(`| ${cells.join(' | ')} |`);
  }
}
