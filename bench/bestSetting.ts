// A contender's best setting on this machine for this case: all are started, take turns, and the fastest is kept.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchCase } from './cases';
import { type Contender } from './contenders';
import { start, type Running } from './contenderProcess';
import { median, smallest } from './statistics';

export interface Trial {
  /** Rounds in which the settings of one contender are compared. */
  readonly trialRounds: number;
  /** How long one contender's turn should last; a turn has at least one iteration. */
  readonly turnMs: number;
  /** Between turns: threads that spin after their work is done (200 ms in OpenMP of Intel and LLVM) must not disturb the next. */
  readonly restMs: number;
}

export interface BestSetting {
  readonly running: Running;
  /** Median milliseconds by setting, the best first. */
  readonly tried: Readonly<Record<string, number>>;
  /** Iterations that fill a turn. */
  readonly iterations: number;
}

export async function findBestSetting(
  contender: Contender,
  of: BenchCase,
  trial: Trial,
): Promise<BestSetting | NotAtAll> {
  const candidates: Candidate[] = [];
  try {
    for (const setting of contender.settings) {
      const started = await start(contender, of, setting);
      if (!('cannot' in started)) candidates.push({ running: started, ms: [] });
      else if (candidates.length === 0) return started; // What keeps the first from running is no matter of settings.
    }
    for (const { running } of candidates) await running.go(1); // Warm-up: first allocations, first compilations.
    for (let round = 0; round < trial.trialRounds; round++) {
      const hopeful = candidates.filter(({ ms }) => smallest(ms) <= 2 * fastest(candidates));
      await compare(round % 2 ? hopeful.toReversed() : hopeful, trial);
    }
  } catch (error) {
    await closeAll(candidates);
    return { cannot: (error as Error).message };
  }
  candidates.sort((a, b) => median(a.ms) - median(b.ms));
  const [{ running, ms }, ...others] = candidates;
  await closeAll(others);
  const tried = Object.fromEntries(candidates.map(({ running, ms }) => [running.setting.label, median(ms)]));
  return { running, tried, iterations: iterationsFor(ms, trial.turnMs) };
}

interface NotAtAll {
  readonly cannot: string;
}

interface Candidate {
  readonly running: Running;
  /** Of every iteration so far. */
  readonly ms: number[];
}

/** A turn each, half as long as in the race. */
async function compare(candidates: readonly Candidate[], { turnMs, restMs }: Trial): Promise<void> {
  for (const { running, ms } of candidates) {
    await sleep(restMs);
    ms.push(...(await running.go(iterationsFor(ms, turnMs / 2))).msPerIteration);
  }
}

/** The fastest iteration of all; before the first, Infinity, which leaves everyone hopeful. */
function fastest(candidates: readonly Candidate[]): number {
  return smallest(candidates.flatMap(({ ms }) => ms));
}

/** How many iterations last about that long, by the times seen; at least 1, at most 100. */
function iterationsFor(ms: readonly number[], turnMs: number): number {
  return ms.length === 0 ? 1 : Math.min(Math.max(Math.round(turnMs / median(ms)), 1), 100);
}

async function closeAll(candidates: readonly Candidate[]): Promise<void> {
  await Promise.all(candidates.map(({ running }) => running.close()));
}
