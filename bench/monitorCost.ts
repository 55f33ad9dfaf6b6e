// The cost of an open monitor: the processor time of the extension's side, which reads the run directory and sends what
// changed, while a training runs in a process of its own.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { feedMonitor } from '../src/extension/monitor/feed';
import type { Training, TrainingTimes } from './prefetch';
import { median } from './statistics';

/** Short steps with a picture and metrics every few seconds, and steps that take ten times as long. */
const trainings = [
  { name: 'eight-gaussians', file: 'examples/eight-gaussians.gan.json', set: [], steps: 1000 },
  { name: 'digits-wgan-gp', file: 'examples/digits-wgan-gp.gan.json', set: [], steps: 200 },
] as const;

/** Prints the processor time of both, and their ratio: medians over rounds. */
export async function measureMonitor(rounds: number, root: string, print: (text: string) => void): Promise<void> {
  if (!existsSync(path.join(root, 'dist', 'prefetch-worker.cjs'))) throw new Error('dist/ is not built: npm run build');
  print('| experiment | training, s | CPU s | feed of the monitor, CPU s | of one core | messages |');
  print('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, ...training } of trainings) {
    const results: Followed[] = [];
    for (let round = 0; round < rounds; round++) results.push(await followed({ ...training, root, prefetch: true }));
    const of = (key: keyof Followed) => median(results.map((result) => result[key]));
    const share = median(results.map(({ seconds, feed }) => feed / seconds));
    const times = [of('seconds').toFixed(1), of('training').toFixed(1), of('feed').toFixed(3)];
    print(`| ${[name, ...times, `${(100 * share).toFixed(2)}%`, of('messages')].join(' | ')} |`);
  }
}

/** Seconds of one training, of its processor time during the timed steps, and of that of the feed. */
interface Followed {
  readonly seconds: number;
  readonly training: number;
  readonly feed: number;
  readonly messages: number;
}

async function followed(training: Training): Promise<Followed> {
  const directory = mkdtempSync(path.join(tmpdir(), 'earthmover-monitor-'));
  try {
    const bundle = path.join(training.root, 'dist', 'bench', 'training.cjs');
    const ended = promisify(execFile)(process.execPath, [bundle, JSON.stringify({ ...training, directory })]);
    const [before, start] = [process.cpuUsage(), performance.now()];
    let messages = 0;
    // The editor copies each message into the process of the page.
    const post = (message: object) => void (structuredClone(message), messages++);
    const feed = feedMonitor({ directory, post, pictureUri: (file) => file });
    const { stdout } = await ended;
    feed.stop();
    await feed.stopped;
    const { user, system } = process.cpuUsage(before);
    const { cpuMs } = JSON.parse(stdout) as TrainingTimes;
    const seconds = (performance.now() - start) / 1000;
    return { seconds, training: (cpuMs * training.steps) / 1000, feed: (user + system) / 1e6, messages };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
