// Whether memory stays flat: one contender, many steps, and what its process holds after each tenth of them.
import type { BenchCase } from './cases';
import type { Contender } from './contenders';
import { start, type Running } from './contenderProcess';
import { median } from './statistics';

/** Runs `steps` iterations of a case and says the memory after each tenth; the last thing said is how much was added after the first. */
export async function watchMemory(
  of: BenchCase,
  contender: Contender,
  steps: number,
  say: (text: string) => void,
): Promise<void> {
  const [{ label, env }] = contender.settings;
  const running = await start(contender, of, { label, env: { ...env, EARTHMOVER_BENCH_COLLECT: '1' } });
  if ('cannot' in running) {
    say(`${of.name}  ${contender.name} cannot: ${running.cannot}`);
    return;
  }
  say(`${of.name}  ${contender.name} ${running.ready.version}, ${steps} steps\n`);
  say('| steps | ms: median | resident MiB | JavaScript heap MiB | tensors |\n| ---: | ---: | ---: | ---: | ---: |');
  const held: number[] = [];
  const part = Math.max(1, Math.round(steps / 10));
  for (let done = 0; done < steps; done += part) {
    const count = Math.min(part, steps - done);
    const { msPerIteration, memory } = await inTurns(running, count);
    held.push(memory?.rssMiB ?? NaN);
    const cells = [
      done + count,
      median(msPerIteration).toFixed(1),
      ...[memory?.rssMiB, memory?.heapMiB].map((m) => m?.toFixed(1) ?? ''),
      memory?.tensors ?? '',
    ];
    say(`| ${cells.join(' | ')} |`);
  }
  await running.close();
  const added = held[held.length - 1] - held[0];
  say(`\nResident memory after the last tenth less that after the first: ${added.toFixed(1)} MiB.`);
}

/** Iterations between two answers: on a busy machine a thousand would look like none at all. */
const TURN = 100;

async function inTurns(running: Running, count: number): Promise<Awaited<ReturnType<Running['go']>>> {
  const msPerIteration: number[] = [];
  for (;;) {
    const turn = await running.go(Math.min(TURN, count - msPerIteration.length));
    msPerIteration.push(...turn.msPerIteration);
    if (msPerIteration.length >= count) return { ...turn, msPerIteration };
  }
}
