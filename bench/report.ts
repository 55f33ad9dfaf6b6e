// The report of a race, as a Markdown table and as an object.
import { type Entrant, type Race } from './race';
import { median, quantile, smallest } from './statistics';

export interface RunReport {
  readonly contender: string;
  readonly version: string;
  readonly setting: string;
  /** Median of all iterations. */
  readonly msPerIteration: number;
  readonly quartile: number;
  readonly minimum: number;
  readonly iterations: number;
  /** Time relative to ours: the median over rounds of the ratio within the round, and the ratio of the minima. */
  readonly ratio: number | null;
  readonly ratioOfMinima: number | null;
  readonly peakRssMiB: number | null;
  /** From the start of the process to the end of its first iteration. */
  readonly firstSeconds: number;
  /** Median of each setting tried. */
  readonly tried: Readonly<Record<string, number>>;
}

export interface CaseReport {
  readonly name: string;
  /** The time of our matrix products at the GEMM rate of this machine, as a fraction of the time of an iteration. */
  readonly gemmFraction: number | null;
  /** Fraction of our engine's time outside of the native runtime. */
  readonly hostOverhead: number | null;
  readonly gflopPerIteration: number;
  /** The best GEMM rate measured in this race, and the contender. */
  readonly gemm: { readonly gflops: number; readonly contender: string } | null;
  readonly runs: readonly RunReport[];
  readonly unavailable: readonly { readonly contender: string; readonly reason: string }[];
}

export function reportOf({ name, flops, entrants, absentees }: Race): CaseReport {
  const ours = entrants.find((entrant) => entrant.ours);
  const [gemm = null] = entrants
    .flatMap(({ gflops, contender }) => (gflops === null ? [] : [{ gflops, contender }]))
    .sort((a, b) => b.gflops - a.gflops);
  return {
    name,
    gemmFraction: gemm && ours ? flops / (gemm.gflops * 1e9) / (median(ours.rounds.flat()) / 1e3) : null,
    hostOverhead: ours?.hostOverhead ?? null,
    gflopPerIteration: flops / 1e9,
    gemm,
    runs: entrants.map((entrant) => runOf(entrant, ours)),
    unavailable: absentees,
  };
}

/** A section per case: a line on the machine's rate, then the table. */
export function markdown(reports: readonly CaseReport[]): string {
  return reports.map(section).join('\n\n');
}

function runOf(entrant: Entrant, ours: Entrant | undefined): RunReport {
  const all = entrant.rounds.flat();
  const paired = ours && entrant.rounds.map((round, i) => median(round) / median(ours.rounds[i]));
  return {
    contender: entrant.contender,
    version: entrant.version,
    setting: entrant.setting,
    msPerIteration: median(all),
    quartile: quantile(all, 0.25),
    minimum: smallest(all),
    iterations: all.length,
    ratio: paired ? median(paired) : null,
    ratioOfMinima: ours ? smallest(all) / smallest(ours.rounds.flat()) : null,
    peakRssMiB: entrant.peakRssMiB,
    firstSeconds: entrant.firstSeconds,
    tried: entrant.tried,
  };
}

function section({ name, gflopPerIteration, gemm, gemmFraction, hostOverhead, runs, unavailable }: CaseReport): string {
  const facts = [
    `${gflopPerIteration.toFixed(2)} GFLOP per iteration`,
    ...(gemm ? [`GEMM rate ${gemm.gflops.toFixed(0)} GFLOP/s (${gemm.contender})`] : []),
    ...(gemmFraction === null ? [] : [`${percent(gemmFraction)} of it achieved`]),
    ...(hostOverhead === null ? [] : [`host overhead ${percent(hostOverhead)}`]),
  ];
  const rows = [
    ['contender', 'version', 'setting', 'ms: median', 'quartile', 'min', 'ratio', 'of minima', 'peak MiB', 'first s'],
    ['---', '---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:'],
    ...runs.map((run) => [
      run.contender,
      run.version,
      run.setting,
      ...[run.msPerIteration, run.quartile, run.minimum].map((ms) => ms.toFixed(1)),
      ...[run.ratio, run.ratioOfMinima].map((ratio) => ratio?.toFixed(2) ?? ''),
      run.peakRssMiB?.toFixed(0) ?? '',
      run.firstSeconds.toFixed(1),
    ]),
    ...unavailable.map(({ contender, reason }) => [
      contender,
      `unavailable: ${cell(reason)}`,
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
    ]),
  ];
  return [`## ${name}`, '', `${facts.join(' · ')}`, '', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

/** Escapes text for a table cell. */
const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 300);
