// One whole training by the built trainer, with batches drawn ahead or between the updates: how long its steps took, as JSON.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseExperiment, setOverride } from '../../src/experiment';
import type * as Trainer from '../../src/trainer/train';
import type { Trained, Training } from '../prefetch';

/** Steps before the clock starts: what is compiled and warmed up belongs to no step. */
const WARM = 10;

const request = JSON.parse(process.argv[process.argv.length - 1]) as Training;
void run(request).then((trained) => console.log(JSON.stringify(trained)));

async function run({ root, file, set, steps, ahead }: Training): Promise<Trained> {
  const dist = (name: string): string => path.join(root, 'dist', name);
  // The product as it is built, and not a part of this bundle.
  const { train } = createRequire(__filename)(dist('trainer.cjs')) as typeof Trainer;
  const source = { path: path.join(root, file), text: readFileSync(path.join(root, file), 'utf8') };
  // The last step, which alone is drawn and saved, is left out of the time.
  const own = [
    `steps=${steps + WARM + 1}`,
    `samples.every=${steps + WARM + 1}`,
    `checkpoints.every=${steps + WARM + 1}`,
    'metrics=[]',
  ];
  const { experiment, problems } = parseExperiment(source.text, file, [...set, ...own].map(setOverride));
  if (!experiment) throw new Error(problems.map(({ message }) => message).join(' '));
  const directory = mkdtempSync(path.join(tmpdir(), 'earthmover-feeds-'));
  const times: number[] = [];
  const spent: number[] = [];
  try {
    const workers = { taskWorker: dist('task-worker.cjs'), prefetchWorker: ahead ? dist('prefetch-worker.cjs') : null };
    const { signal } = new AbortController();
    const listener: Trainer.Listener = ({ event }) => {
      if (event !== 'step') return;
      times.push(performance.now());
      const { user, system } = process.cpuUsage();
      spent.push((user + system) / 1000);
    };
    const { reason, message } = await train({ experiment, source, directory, ...workers, listener, signal });
    if (reason !== 'finished') throw new Error(`The training ended as ${reason}: ${message}`);
    const [, there, asked] = /feeds: (\d+) of (\d+)/.exec(readFileSync(path.join(directory, 'log.txt'), 'utf8')) ?? [];
    const perStep = (of: readonly number[]): number => (of[WARM + steps - 1] - of[WARM - 1]) / steps;
    return { ms: perStep(times), processorMs: perStep(spent), share: asked ? Number(there) / Number(asked) : 0 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
