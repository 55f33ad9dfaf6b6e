// The benchmark command: parses options, runs the races, prints the tables.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { passNames } from '../src/engine/passes/optimize';
import { cases } from './cases';
import { contendersOf, without, type Contender } from './contenders';
import { prefetchCases, benchmarkPrefetch } from './prefetch';
import { scaledCases } from './scaledCases';
import { watchMemory } from './memoryWatch';
import { race, type Pace } from './race';
import { markdown, reportOf, type CaseReport } from './report';
import { benchmarkEditor } from './editor';
import { benchmarkRunFiles } from './runFiles';

const help = `npm run bench -- [options]
  --only NAME        a case or a contender; can be repeated
  --rounds N         rounds of the race (default 10)
  --turn MS          duration of a turn of a contender (default 1000)
  --json FILE        also write the results to FILE
  --without PASS     add our engine with a graph pass switched off; can be repeated
  --growth           add variants of each case with a larger batch, wider networks and larger images
  --memory           instead of a race, watch the memory of our engine over many steps of the first case
  --steps N          number of steps for --memory (default 10000)
  --prefetch         instead of a race, train with the built product, with and without prefetching
  --files            instead of a race, measure the files of a run: a curve of a million rows, status, checkpoint
  --editor           instead of a race, measure the editor with a million rows, 10,000 samples and 500 runs`;

/** Runs the benchmark in the project folder `root`; the exit code. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const request = parseRequest(argv, contendersOf(root));
  if (typeof request === 'string') {
    console.error(request);
    return 2;
  }
  if (request.prefetch) {
    benchmarkPrefetch(request.prefetch, request.pace.rounds, root, console.log);
    return 0;
  }
  if (request.files) {
    await benchmarkRunFiles(1_000_000, request.pace.rounds, console.log);
    return 0;
  }
  if (request.editor) {
    await benchmarkEditor(request.pace.rounds, console.log);
    return 0;
  }
  if (request.memory) {
    const [benchCase] = request.cases;
    const contender = request.contenders.find(({ ours }) => ours) ?? request.contenders[0];
    await watchMemory(benchCase, contender, request.memory, console.log);
    return 0;
  }
  const load = loadavg()[0]; // Before the race adds its own; always 0 on Windows.
  if (load > 0.5)
    console.error(
      `The machine is busy (load ${load.toFixed(1)}): times will be too long, and the chosen settings may not be ` +
        'the best.',
    );
  const reports: CaseReport[] = [];
  for (const benchCase of request.cases) {
    const outcome = await race(benchCase, request.contenders, request.pace, (text) => console.error(text));
    reports.push(reportOf(outcome));
  }
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    load,
  };
  console.log(
    `${machine.cpu}, ${machine.cores} cores, load before ${load.toFixed(1)}, Node.js ` +
      `${process.version}\n\n${markdown(reports)}`,
  );
  if (request.json)
    writeFileSync(request.json, `${JSON.stringify({ machine, node: process.version, cases: reports }, null, 2)}\n`);
  return 0;
}

interface Request {
  readonly cases: typeof cases;
  readonly contenders: readonly Contender[];
  readonly pace: Pace;
  readonly json: string | undefined;
  /** Number of steps for watching memory instead of a race. */
  readonly memory: number | null;
  /** Trainings for comparing prefetching, instead of a race. */
  readonly prefetch: typeof prefetchCases | null;
  /** Whether to measure the files of a run, instead of a race. */
  readonly files: boolean;
  /** Whether to measure the editor with large runs, instead of a race. */
  readonly editor: boolean;
}

/** The request, or an error message. */
function parseRequest(argv: readonly string[], contenders: readonly Contender[]): Request | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        without: { type: 'string', multiple: true, default: [] },
        rounds: { type: 'string', default: '10' },
        turn: { type: 'string', default: '1000' },
        json: { type: 'string' },
        growth: { type: 'boolean', default: false },
        memory: { type: 'boolean', default: false },
        steps: { type: 'string', default: '10000' },
        prefetch: { type: 'boolean', default: false },
        files: { type: 'boolean', default: false },
        editor: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return help;
    const names = [...(values.prefetch ? prefetchCases : [...cases, ...contenders])].map(({ name }) => name);
    for (const name of values.only)
      if (!names.includes(name)) return `--only ${name}: unknown; choose from ${names.join(', ')}.`;
    for (const pass of values.without)
      if (!passNames.some((name) => name === pass))
        return `--without ${pass}: unknown; choose from ${passNames.join(', ')}.`;
    const chosen = <T extends { readonly name: string }>(list: readonly T[]) => {
      const kept = list.filter(({ name }) => values.only.includes(name));
      return kept.length ? kept : list;
    };
    const [rounds, turnMs, steps] = [values.rounds, values.turn, values.steps].map(Number);
    if (!Number.isInteger(rounds) || rounds < 1)
      return `--rounds ${values.rounds}: must be a whole number of at least 1.`;
    if (!(turnMs >= 0)) return `--turn ${values.turn}: must be a number of milliseconds.`;
    if (!Number.isInteger(steps) || steps < 10)
      return `--steps ${values.steps}: must be a whole number of at least 10.`;
    return {
      cases: values.growth ? chosen(cases).flatMap(scaledCases) : chosen(cases),
      memory: values.memory ? steps : null,
      prefetch: values.prefetch ? chosen(prefetchCases) : null,
      files: values.files,
      editor: values.editor,
      contenders: [...chosen(contenders), ...values.without.map((pass) => without(contenders[0], pass))],
      pace: { rounds, turnMs, trialRounds: 3, restMs: 250 },
      json: values.json,
    };
  } catch (error) {
    return `${(error as Error).message}\n${help}`;
  }
}
