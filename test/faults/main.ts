// `npm run test:faults` and `npm run fuzz`: tries every kind of fault and prints how many trials held.
import { parseArgs } from 'node:util';
import { childMemoryLimit, serveChild, tryInChild } from './childProcess';
import type { FaultKind } from './faultKind';
import { kinds } from './kinds';
import { type Failure, numbersBelow, numbersUntil, positive, type Tally, tryFaults } from './tryFaults';

interface Request {
  readonly kinds: readonly FaultKind[];
  readonly seed: string;
  /** Trials of a kind. */
  readonly count?: (kind: FaultKind) => number;
  /** Or the time for each kind. */
  readonly minutesEach?: number;
  /** Or one trial. */
  readonly trial?: number;
}

function requestOf(args: readonly string[]): Request {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      only: { type: 'string', multiple: true },
      short: { type: 'boolean', default: false },
      trial: { type: 'string' },
      minutes: { type: 'string' },
    },
  });
  const unknown = values.only?.find((id) => !kinds.some((kind) => kind.id === id));
  if (unknown !== undefined) {
    throw new Error(`Unknown kind '${unknown}'. Kinds: ${kinds.map(({ id }) => id).join(', ')}.`);
  }
  const fuzzed = values.minutes !== undefined;
  const chosen = kinds.filter((kind) => values.only?.includes(kind.id) ?? (!fuzzed || kind.fuzz));
  return {
    kinds: chosen,
    seed: values.seed,
    ...(values.trial === undefined ? {} : { trial: Number(values.trial) }),
    ...(fuzzed
      ? { minutesEach: positive(values.minutes!, '--minutes') / chosen.length }
      : { count: ({ trials }) => (values.short ? trials.short : trials.long) }),
  };
}

async function tryKind(
  kind: FaultKind,
  { seed, count, minutesEach, trial }: Request,
): Promise<Tally & { memory?: number }> {
  if (trial !== undefined) return tryFaults(kind, { seed, numbers: [trial].values() });
  const end = minutesEach === undefined ? undefined : Date.now() + minutesEach * 60_000;
  if (kind.inProcess) return tryInChild(kind, end === undefined ? { seed, count: count!(kind) } : { seed, end });
  const numbers = end === undefined ? numbersBelow(count!(kind)) : numbersUntil(end);
  return tryFaults(kind, { seed, numbers, atOnce: 2 });
}

async function main(): Promise<void> {
  const request = requestOf(process.argv.slice(2));
  console.log(`seed ${request.seed}\n`);
  let failed = 0;
  for (const kind of request.kinds) {
    const why = kind.unavailable?.() ?? null;
    if (why !== null) {
      console.log(`skipped  ${kind.id}: ${why}`);
      continue;
    }
    const started = performance.now();
    const { tried, failures, memory } = await tryKind(kind, request);
    failed += failures.length;
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    const used = memory === undefined ? '' : `, ${Math.round(memory / 2 ** 20)} of ${childMemoryLimit / 2 ** 20} MiB`;
    const verdict = failures.length === 0 ? 'held   ' : 'FAILED ';
    console.log(`${verdict}  ${kind.id}: ${kind.title}`);
    console.log(`         ${tried} tried, ${tried - failures.length} held, ${seconds} s${used}`);
    for (const failure of failures.slice(0, 8)) console.log(failureText(kind, failure, request.seed));
  }
  console.log(failed === 0 ? '\nEverything held.' : `\n${failed} trials failed.`);
  process.exitCode = failed === 0 ? 0 : 1;
}

const failureText = ({ id }: FaultKind, { number, message }: Failure, seed: string): string =>
  `           trial ${number}: ${message.slice(0, 1200)}\n           again: npm run test:faults -- --only ${id} --seed ${seed} --trial ${number}`;

if (process.argv[2] === '--child') serveChild();
else {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
