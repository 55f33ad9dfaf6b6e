// One whole training run of the built trainer, with or without prefetching: prints the time of its steps as JSON.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseExperiment, setOverride } from '../../src/experiment';
import type * as Trainer from '../../src/trainer/train';
import type { Training, TrainingTimes } from '../prefetch';

/** Steps before timing starts, for compilation and warm-up. */
const WARM = 10;

const request = JSON.parse(process.argv[process.argv.length - 1]) as Training;
void run(request).then((trained) => console.log(JSON.stringify(trained)));

async function run({ root, file, set, steps, prefetch, directory: given }: Training): Promise<TrainingTimes> {
  const dist = (name: string): string => path.join(root, 'dist', name);
  // The built product, not a part of this bundle.
  const { train } = createRequire(__filename)(dist('trainer.cjs')) as typeof Trainer;
  const source = { path: path.join(root, file), text: readFileSync(path.join(root, file), 'utf8') };
  // The last step, which draws samples and saves a checkpoint, is not timed.
  const rest = [`samples.every=${steps + WARM + 1}`, `checkpoints.every=${steps + WARM + 1}`, 'metrics=[]'];
  const own = [`steps=${steps + WARM + 1}`, ...(given === undefined ? rest : [])];
  const { experiment, problems } = parseExperiment(source.text, file, [...set, ...own].map(setOverride));
  if (!experiment) throw new Error(problems.map(({ message }) => message).join(' '));
  const directory = given ?? mkdtempSync(path.join(tmpdir(), 'earthmover-prefetch-'));
  const times: number[] = [];
  const spent: number[] = [];
  try {
    const workers = {
      taskWorker: dist('task-worker.cjs'),
      prefetchWorker: prefetch ? dist('prefetch-worker.cjs') : null,
      evaluatorProcess: dist('evaluator-process.cjs'),
    };
    const { signal } = new AbortController();
    const listener: Trainer.Listener = ({ event }) => {
      if (event !== 'step') return;
      times.push(performance.now());
      const { user, system } = process.cpuUsage();
      spent.push((user + system) / 1000);
    };
    const { reason, message } = await train({ experiment, source, directory, ...workers, listener, signal });
    if (reason !== 'finished') throw new Error(`The training ended as ${reason}: ${message}`);
    const [, ready, requested] =
      /prefetch: the inputs of (\d+) of (\d+)/.exec(readFileSync(path.join(directory, 'log.txt'), 'utf8')) ?? [];
    const perStep = (of: readonly number[]): number => (of[WARM + steps - 1] - of[WARM - 1]) / steps;
    return { ms: perStep(times), cpuMs: perStep(spent), share: requested ? Number(ready) / Number(requested) : 0 };
  } finally {
    if (given === undefined) rmSync(directory, { recursive: true });
  }
}
