// The benchmark command: parses options, runs the races, prints the tables.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { passNames } from '../src/engine/passes/optimize';
import { compareAccuracy } from './accuracy';
import { cases } from './cases';
import { drawChart, type RaceFile } from './chart';
import { contendersOf, through, without, type Contender } from './contenders';
import { measureKernels } from './kernels';
import { measureMonitor } from './monitorCost';
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
  --bindings         add our engine through the C API and through the Node binding of ONNX Runtime
  --growth           add variants of each case with a larger batch, wider networks and larger images
  --memory           instead of a race, watch the memory of our engine over many steps of the first case
  --steps N          number of steps for --memory (default 10000) and --accuracy (default 400)
  --threads N        give all contenders N threads, instead of the best number for each
  --cpu              time by the processor, on one thread: for busy machines, where only the minima mean something
  --accuracy         instead of a race, train with and without Winograd's algorithm, with as many seeds as rounds
  --kernels          instead of a race, measure products of small batches and forms of an optimizer update
  --monitor          instead of a race, measure what an open monitor costs a training of the built product
  --chart            draw bench/results.svg from bench/results/*.json, and print the table of RESULTS.md
  --prefetch         instead of a race, train with the built product, with and without prefetching
  --files            instead of a race, measure the files of a run: a curve of a million rows, status, checkpoint
  --editor           instead of a race, measure the editor with a million rows, 10,000 samples and 1,000 runs`;

/** Runs the benchmark in the project folder `root`; the exit code. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const request = parseRequest(argv, root);
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
  if (request.kernels) {
    await measureKernels(request.pace.rounds, console.log);
    return 0;
  }
  if (request.monitor) {
    await measureMonitor(request.pace.rounds, root, console.log);
    return 0;
  }
  if (request.chart) {
    await drawChart(path.join(root, 'bench'), console.log);
    return 0;
  }
  if (request.accuracy) {
    const trained = await compareAccuracy({ seeds: request.pace.rounds, steps: request.accuracy }, root, console.log);
    if (request.json) writeFileSync(request.json, `${JSON.stringify(trained)}\n`);
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
  const file: RaceFile = {
    machine,
    node: process.version,
    threads: request.threads,
    clock: request.clock,
    cases: reports,
  };
  if (request.json) writeFileSync(request.json, `${JSON.stringify(file, null, 2)}\n`);
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
  /** Number of steps of the trainings that compare convolutions, instead of a race. */
  readonly accuracy: number | null;
  /** Whether to measure single operations, instead of a race. */
  readonly kernels: boolean;
  /** Whether to measure the monitor, instead of a race. */
  readonly monitor: boolean;
  /** Whether to draw the chart of earlier races. */
  readonly chart: boolean;
  /** Threads of every contender; null for the best number of each. */
  readonly threads: number | null;
  readonly clock: RaceFile['clock'];
  /** Whether to measure the files of a run, instead of a race. */
  readonly files: boolean;
  /** Whether to measure the editor with large runs, instead of a race. */
  readonly editor: boolean;
}

/** The request, or an error message. */
function parseRequest(argv: readonly string[], root: string): Request | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        without: { type: 'string', multiple: true, default: [] },
        bindings: { type: 'boolean', default: false },
        rounds: { type: 'string', default: '10' },
        turn: { type: 'string', default: '1000' },
        json: { type: 'string' },
        growth: { type: 'boolean', default: false },
        memory: { type: 'boolean', default: false },
        steps: { type: 'string' },
        threads: { type: 'string' },
        accuracy: { type: 'boolean', default: false },
        kernels: { type: 'boolean', default: false },
        cpu: { type: 'boolean', default: false },
        monitor: { type: 'boolean', default: false },
        chart: { type: 'boolean', default: false },
        prefetch: { type: 'boolean', default: false },
        files: { type: 'boolean', default: false },
        editor: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return help;
    const threads = values.cpu ? 1 : values.threads === undefined ? null : Number(values.threads);
    if (threads !== null && !(Number.isInteger(threads) && threads >= 1))
      return `--threads ${values.threads}: must be a whole number of at least 1.`;
    const contenders = contendersOf(root, { threads, env: values.cpu ? { EARTHMOVER_BENCH_CLOCK: 'cpu' } : {} });
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
    const [rounds, turnMs] = [values.rounds, values.turn].map(Number);
    const steps = Number(values.steps ?? (values.accuracy ? 400 : 10_000));
    if (!Number.isInteger(rounds) || rounds < 1)
      return `--rounds ${values.rounds}: must be a whole number of at least 1.`;
    if (!(turnMs >= 0)) return `--turn ${values.turn}: must be a number of milliseconds.`;
    if (!Number.isInteger(steps) || steps < 10)
      return `--steps ${values.steps}: must be a whole number of at least 10.`;
    return {
      cases: values.growth ? chosen(cases).flatMap(scaledCases) : chosen(cases),
      memory: values.memory ? steps : null,
      prefetch: values.prefetch ? chosen(prefetchCases) : null,
      accuracy: values.accuracy ? steps : null,
      kernels: values.kernels,
      monitor: values.monitor,
      chart: values.chart,
      threads,
      clock: values.cpu ? 'cpu' : 'wall',
      files: values.files,
      editor: values.editor,
      contenders: [
        ...chosen(contenders),
        ...values.without.map((pass) => without(contenders[0], pass)),
        ...(values.bindings ? chosen(contenders).filter(({ name }) => /^onnx-(cpu|webgpu)$/.test(name)) : []).flatMap(
          (engine) => (['c-api', 'node'] as const).map((binding) => through(engine, binding)),
        ),
      ],
      pace: { rounds, turnMs, trialRounds: 3, restMs: 250 },
      json: values.json,
    };
  } catch (error) {
    return `${(error as Error).message}\n${help}`;
  }
}
