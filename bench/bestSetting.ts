// Finds the best setting of a contender for a case on this machine: runs all settings in turns and keeps the fastest.
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchCase } from './cases';
import { type Contender } from './contenders';
import { start, type Running } from './contenderProcess';
import { median, smallest } from './statistics';

export interface Trial {
  /** Rounds for comparing the settings of a contender. */
  readonly trialRounds: number;
  /** Duration of a turn; a turn has at least one iteration. */
  readonly turnMs: number;
  /**
   * Pause between turns, so that spinning threads (200 ms in OpenMP of Intel and LLVM) do not disturb the next
   * contender.
   */
  readonly restMs: number;
}

export interface BestSetting {
  readonly running: Running;
  /** Median milliseconds by setting, fastest first. */
  readonly tried: Readonly<Record<string, number>>;
  /** Iterations that fill a turn. */
  readonly iterations: number;
}

export async function findBestSetting(
  contender: Contender,
  benchCase: BenchCase,
  trial: Trial,
): Promise<BestSetting | NoSetting> {
  const candidates: Candidate[] = [];
  try {
    for (const setting of contender.settings) {
      const started = await start(contender, benchCase, setting);
      if (!('unavailable' in started)) candidates.push({ running: started, ms: [] });
      else if (candidates.length === 0) return started; // If the first setting fails, so do the others.
    }
    for (const { running } of candidates) await running.go(1); // Warm-up: first allocations, first compilations.
    for (let round = 0; round < trial.trialRounds; round++) {
      const competitive = candidates.filter(({ ms }) => smallest(ms) <= 2 * fastest(candidates));
      await compare(round % 2 ? competitive.toReversed() : competitive, trial);
    }
  } catch (error) {
    await closeAll(candidates);
    return { unavailable: (error as Error).message };
  }
  candidates.sort((a, b) => median(a.ms) - median(b.ms));
  const [{ running, ms }, ...others] = candidates;
  await closeAll(others);
  const tried = Object.fromEntries(candidates.map(({ running, ms }) => [running.setting.label, median(ms)]));
  return { running, tried, iterations: iterationsFor(ms, trial.turnMs) };
}

interface NoSetting {
  readonly unavailable: string;
}

interface Candidate {
  readonly running: Running;
  /** All iterations so far. */
  readonly ms: number[];
}

/** One turn each, half as long as in the race. */
async function compare(candidates: readonly Candidate[], { turnMs, restMs }: Trial): Promise<void> {
  for (const { running, ms } of candidates) {
    await sleep(restMs);
    ms.push(...(await running.go(iterationsFor(ms, turnMs / 2))).msPerIteration);
  }
}

/** The fastest iteration of all candidates; Infinity before the first. */
function fastest(candidates: readonly Candidate[]): number {
  return smallest(candidates.flatMap(({ ms }) => ms));
}

/** The number of iterations that take about `turnMs`, from 1 to 100. */
function iterationsFor(ms: readonly number[], turnMs: number): number {
  return ms.length === 0 ? 1 : Math.min(Math.max(Math.round(turnMs / median(ms)), 1), 100);
}

async function closeAll(candidates: readonly Candidate[]): Promise<void> {
  await Promise.all(candidates.map(({ running }) => running.close()));
}
