// Races contenders: each at its best setting, in turns of alternating order, so that noise of the machine affects all.
import { setTimeout as sleep } from 'node:timers/promises';
import { flopsPerIteration } from './flops';
import { type BenchCase } from './cases';
import { type Contender } from './contenders';
import { type Running } from './contenderProcess';
import { findBestSetting, type Trial } from './bestSetting';
import { median } from './statistics';

export interface Pace extends Trial {
  readonly rounds: number;
}

export interface Entrant {
  readonly contender: string;
  readonly ours: boolean;
  readonly version: string;
  /** The best setting, and the median time of each setting tried. */
  readonly setting: string;
  readonly tried: Readonly<Record<string, number>>;
  /** Milliseconds per iteration, by round. */
  readonly rounds: readonly (readonly number[])[];
  readonly peakRssMiB: number | null;
  /** Median over rounds, if reported. */
  readonly hostOverhead: number | null;
  readonly gflops: number | null;
  /** From the start of the process to the end of its first iteration. */
  readonly firstSeconds: number;
}

export interface Absentee {
  readonly contender: string;
  readonly reason: string;
}

export interface Race {
  readonly name: string;
  readonly flops: number;
  readonly entrants: readonly Entrant[];
  readonly absentees: readonly Absentee[];
}

export async function race(
  benchCase: BenchCase,
  contenders: readonly Contender[],
  pace: Pace,
  say: (text: string) => void = () => {},
): Promise<Race> {
  const lanes: Lane[] = [];
  const absentees: Absentee[] = [];
  for (const contender of contenders) {
    const found = await findBestSetting(contender, benchCase, pace);
    if ('unavailable' in found) {
      absentees.push({ contender: contender.name, reason: found.unavailable });
      say(`${benchCase.name}  ${contender.name} unavailable: ${found.unavailable}`);
    } else {
      lanes.push({ ...found, contender, rounds: [], hosts: [], gflops: [], peak: null, dropped: undefined });
      const times = Object.entries(found.tried).map(([label, ms]) => `${label} ${ms.toFixed(1)} ms`.trim());
      say(`${benchCase.name}  ${contender.name} ${found.running.ready.version}: ${times.join('; ')}`);
    }
  }
  for (let round = 0; round < pace.rounds && lanes.length > 0; round++) {
    for (const lane of round % 2 ? lanes.toReversed() : lanes) {
      await sleep(pace.restMs);
      await turn(lane, pace);
    }
    say(`${benchCase.name}  round ${round + 1} of ${pace.rounds}`);
  }
  await Promise.all(lanes.map(({ running }) => running.close()));
  for (const { contender, dropped } of lanes)
    if (dropped) absentees.push({ contender: contender.name, reason: dropped });
  const entrants = lanes.filter(({ dropped }) => !dropped).map(entrantOf);
  return { name: benchCase.name, flops: flopsPerIteration(benchCase), entrants, absentees };
}

/** A contender in the race, with its results so far. */
interface Lane {
  readonly contender: Contender;
  readonly running: Running;
  readonly tried: Readonly<Record<string, number>>;
  /** Iterations that fill a turn. */
  readonly iterations: number;
  readonly rounds: (readonly number[])[];
  readonly hosts: number[];
  readonly gflops: number[];
  peak: number | null;
  /** Why it left the race. */
  dropped: string | undefined;
}

/** A contender that has used this multiple of its total time skips the remaining rounds. */
const MAX_OVERTIME = 4;

async function turn(lane: Lane, pace: Pace): Promise<void> {
  if (lane.dropped) return;
  const spent = lane.rounds.flat().reduce((sum, ms) => sum + ms, 0);
  if (spent > MAX_OVERTIME * pace.rounds * pace.turnMs) return;
  try {
    const timed = await lane.running.go(lane.iterations);
    lane.rounds.push(timed.msPerIteration);
    lane.peak = timed.peakRssMiB;
    if (timed.hostOverhead !== undefined) lane.hosts.push(timed.hostOverhead);
    if (lane.running.ready.offers?.includes('gemm')) {
      await sleep(pace.restMs);
      lane.gflops.push((await lane.running.gemm()).gflops);
    }
  } catch (error) {
    lane.dropped = (error as Error).message;
  }
}

function entrantOf(lane: Lane): Entrant {
  const { contender, running, tried, rounds, hosts, gflops, peak } = lane;
  return {
    contender: contender.name,
    ours: contender.ours ?? false,
    version: running.ready.version,
    setting: running.setting.label,
    tried: contender.settings.length > 1 ? tried : {},
    rounds,
    peakRssMiB: peak,
    hostOverhead: hosts.length ? median(hosts) : null,
    gflops: gflops.length ? median(gflops) : null,
    firstSeconds: running.firstSeconds,
  };
}
