// The race: every contender at its best setting, taking turns in alternating order, so that a busy minute is shared by all.
import { setTimeout as sleep } from 'node:timers/promises';
import { flopsPerIteration, type BenchCase } from './cases';
import { type Contender, type Setting } from './contenders';
import { start, type Running } from './process';
import { median } from './statistics';

export interface Pace {
  readonly rounds: number;
  /** How long one contender's turn should last; a turn has at least one iteration. */
  readonly turnMs: number;
  /** Rounds in which the settings of one contender are compared. */
  readonly trialRounds: number;
  /** Between turns: threads that spin after their work is done (200 ms in OpenMP of Intel and LLVM) must not disturb the next. */
  readonly restMs: number;
}

export interface Entrant {
  readonly contender: string;
  readonly ours: boolean;
  readonly version: string;
  /** The setting that was best, where there was a choice, and the median of every setting tried. */
  readonly setting: string;
  readonly tried: Readonly<Record<string, number>>;
  /** Milliseconds per iteration, by round. */
  readonly rounds: readonly (readonly number[])[];
  readonly peakRssMiB: number | null;
  /** Median over rounds, where it reports them. */
  readonly hostOverhead: number | null;
  readonly gflops: number | null;
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
  of: BenchCase,
  contenders: readonly Contender[],
  pace: Pace,
  say: (text: string) => void = () => {},
): Promise<Race> {
  const lanes: Lane[] = [];
  const absentees: Absentee[] = [];
  for (const contender of contenders) {
    const found = await atItsBest(contender, of, pace, say);
    if ('cannot' in found) {
      absentees.push({ contender: contender.name, reason: found.cannot });
      say(`${of.name}  ${contender.name} cannot: ${found.cannot}`);
    } else lanes.push({ ...found, contender, rounds: [], hosts: [], gflops: [], peak: null, dropped: undefined });
  }
  for (let round = 0; round < pace.rounds && lanes.length > 0; round++) {
    for (const lane of round % 2 ? lanes.toReversed() : lanes) {
      await sleep(pace.restMs);
      await turn(lane, pace);
    }
    say(`${of.name}  round ${round + 1} of ${pace.rounds}`);
  }
  await Promise.all(lanes.map(({ running }) => running.close()));
  for (const { contender, dropped } of lanes)
    if (dropped) absentees.push({ contender: contender.name, reason: dropped });
  const entrants = lanes.filter(({ dropped }) => !dropped).map(entrantOf);
  return { name: of.name, flops: flopsPerIteration(of), entrants, absentees };
}

/** A contender in the race, with what it has done so far. */
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

async function turn(lane: Lane, pace: Pace): Promise<void> {
  if (lane.dropped) return;
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

type Best = Pick<Lane, 'running' | 'tried' | 'iterations'>;

/** Starts every setting of a contender, compares them in turns, and keeps the fastest running. */
async function atItsBest(
  contender: Contender,
  of: BenchCase,
  pace: Pace,
  say: (text: string) => void,
): Promise<Best | { cannot: string }> {
  const candidates: { running: Running; ms: number[] }[] = [];
  let reason = '';
  for (const setting of contender.settings) {
    const started = await start(contender, of, setting);
    if ('cannot' in started) {
      reason = started.cannot;
      if (candidates.length === 0) break; // What keeps it from starting at all does not depend on threads.
    } else candidates.push({ running: started, ms: [] });
  }
  if (candidates.length === 0) return { cannot: reason };
  try {
    for (const { running } of candidates) await running.go(1); // Warm-up: first allocations, first compilations.
    for (let round = 0; round < pace.trialRounds; round++)
      for (const { running, ms } of round % 2 ? candidates.toReversed() : candidates) {
        await sleep(pace.restMs);
        ms.push(...(await running.go(iterationsFor(ms, pace.turnMs / 2))).msPerIteration);
      }
  } catch (error) {
    await Promise.all(candidates.map(({ running }) => running.close()));
    return { cannot: (error as Error).message };
  }
  candidates.sort((a, b) => median(a.ms) - median(b.ms));
  const [best, ...others] = candidates;
  await Promise.all(others.map(({ running }) => running.close()));
  const tried = Object.fromEntries(candidates.map(({ running, ms }) => [running.setting.label, median(ms)]));
  say(`${of.name}  ${contender.name} ${best.running.ready.version}: ${described(candidates)}`);
  return { running: best.running, tried, iterations: iterationsFor(best.ms, pace.turnMs) };
}

/** How many iterations last about that long, by the times seen; at least 1, at most 100. */
function iterationsFor(ms: readonly number[], turnMs: number): number {
  return ms.length === 0 ? 1 : Math.min(Math.max(Math.round(turnMs / median(ms)), 1), 100);
}

function described(candidates: readonly { running: Running; ms: number[] }[]): string {
  return candidates.map(({ running, ms }) => `${running.setting.label} ${median(ms).toFixed(1)} ms`.trim()).join('; ');
}

function entrantOf(lane: Lane): Entrant {
  const { contender, running, tried, rounds, hosts, gflops, peak } = lane;
  const settings: readonly Setting[] = contender.settings;
  return {
    contender: contender.name,
    ours: contender.ours ?? false,
    version: running.ready.version,
    setting: running.setting.label,
    tried: settings.length > 1 ? tried : {},
    rounds,
    peakRssMiB: peak,
    hostOverhead: hosts.length ? median(hosts) : null,
    gflops: gflops.length ? median(gflops) : null,
  };
}
