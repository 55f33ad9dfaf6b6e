// Checks that memory stays constant: runs many steps of one contender and prints the memory of its process ten times.
import type { BenchCase } from './cases';
import type { Contender } from './contenders';
import { start, type Running } from './contenderProcess';
import { median } from './statistics';

/**
 * Runs `steps` iterations of a case and prints the memory after each tenth, and finally the growth after the first
 * tenth.
 */
export async function watchMemory(
  benchCase: BenchCase,
  contender: Contender,
  steps: number,
  say: (text: string) => void,
): Promise<void> {
  const [{ label, env }] = contender.settings;
  const running = await start(contender, benchCase, { label, env: { ...env, EARTHMOVER_BENCH_COLLECT: '1' } });
  if ('unavailable' in running) {
    say(`${benchCase.name}  ${contender.name} unavailable: ${running.unavailable}`);
    return;
  }
  say(`${benchCase.name}  ${contender.name} ${running.ready.version}, ${steps} steps\n`);
  say('| steps | ms: median | resident MiB | JavaScript heap MiB | tensors |\n| ---: | ---: | ---: | ---: | ---: |');
  const rss: number[] = [];
  const part = Math.max(1, Math.round(steps / 10));
  for (let done = 0; done < steps; done += part) {
    const count = Math.min(part, steps - done);
    const { msPerIteration, memory } = await inTurns(running, count);
    rss.push(memory?.rssMiB ?? NaN);
    const cells = [
      done + count,
      median(msPerIteration).toFixed(1),
      ...[memory?.rssMiB, memory?.heapMiB].map((m) => m?.toFixed(1) ?? ''),
      memory?.tensors ?? '',
    ];
    say(`| ${cells.join(' | ')} |`);
  }
  await running.close();
  const growth = rss[rss.length - 1] - rss[0];
  say(`\nGrowth of resident memory from the first to the last tenth: ${growth.toFixed(1)} MiB.`);
}

/** Iterations per request; a request for thousands could time out on a busy machine. */
const TURN = 100;

async function inTurns(running: Running, count: number): Promise<Awaited<ReturnType<Running['go']>>> {
  const msPerIteration: number[] = [];
  for (;;) {
    const turn = await running.go(Math.min(TURN, count - msPerIteration.length));
    msPerIteration.push(...turn.msPerIteration);
    if (msPerIteration.length >= count) return { ...turn, msPerIteration };
  }
}
