// Reading histograms.jsonl incrementally: nothing twice, no invalid lines, and not more than a page can show.
import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import type { StepSummary } from '../../protocol/histograms';
import type { RunMessage } from '../../protocol/monitor';
import { checkToPage } from '../../protocol/monitorChecks';
import { createRun, runPaths } from '../../run/directory';
import { openHistograms, rewindHistograms, summarizeStep } from '../../run/histograms';
import { feedMonitor } from './feed';
import { changeOf } from './runFiles';
import { readHistograms, maxSteps, noHistograms, type ReadHistograms } from './histogramReader';

const out = scratch('run');
const file = () => runPaths(out()).histograms;
const summary = (step: number, weight = step): StepSummary =>
  summarizeStep(step, { 'critic/00.end.kernel': Float32Array.of(0, weight) }, {});
const line = (step: number) => `${JSON.stringify(summary(step))}\n`;
const stepsOf = ({ content }: ReadHistograms) => content.map(({ step }) => step);
const lay = (text: string) => {
  fs.mkdirSync(out(), { recursive: true });
  fs.writeFileSync(file(), text);
};

describe('following the file', () => {
  it('reads appended lines, each only when it is complete', async () => {
    expect(await readHistograms(file(), noHistograms)).toBe(noHistograms);
    lay(line(10) + line(20).slice(0, 30));
    const first = await readHistograms(file(), noHistograms);
    expect(first.content).toEqual([summary(10)]);
    expect(await readHistograms(file(), first)).toMatchObject({ content: first.content, position: first.position });
    fs.appendFileSync(file(), line(20).slice(30) + line(30));
    const second = await readHistograms(file(), first);
    expect(second.content).toEqual([summary(10), summary(20), summary(30)]);
    expect(second.content[0]).toBe(first.content[0]);
    expect(await readHistograms(file(), second)).toBe(second);
    expect(changeOf(first.content, second.content)).toEqual({ from: 1, items: [summary(20), summary(30)] });
  });

  it('starts over with another file, and continues after a resume', async () => {
    lay(line(10) + line(20) + line(30));
    const before = await readHistograms(file(), noHistograms);
    rewindHistograms(out(), 10);
    const cut = await readHistograms(file(), before);
    expect(stepsOf(cut)).toEqual([10]);
    expect(changeOf(cut.content, [])).toEqual({ from: 0, items: [] });
    fs.appendFileSync(file(), line(15));
    expect(stepsOf(await readHistograms(file(), cut))).toEqual([10, 15]);
    fs.rmSync(file());
    expect(await readHistograms(file(), cut)).toEqual(noHistograms);
  });

  it('uses the last line of a step that was recorded twice', async () => {
    lay(line(10) + line(20) + `${JSON.stringify(summary(10, 7))}\n`);
    expect((await readHistograms(file(), noHistograms)).content).toEqual([summary(10, 7)]);
  });

  it('skips invalid lines', async () => {
    const deep = '['.repeat(100_000);
    const many = JSON.stringify({ step: 1, layers: Array(513).fill(summary(1).layers[0]) });
    const wrong = [
      '',
      'null',
      '{',
      '{"step":-1,"layers":[]}',
      '{"step":1,"layers":{}}',
      '{"step":1e400,"layers":[]}',
      deep,
      many,
      '\u0000\u0000',
    ];
    lay(`${wrong.join('\n')}\n${line(10)}`);
    expect(stepsOf(await readHistograms(file(), noHistograms))).toEqual([10]);
  });

  it('thins out a long run but keeps the latest step', async () => {
    lay(Array.from({ length: 3 * maxSteps }, (_, i) => line(i + 1)).join(''));
    const read = await readHistograms(file(), noHistograms);
    expect(read.content.length).toBeLessThanOrEqual(maxSteps);
    expect(read.content.length).toBeGreaterThan(maxSteps / 3);
    expect([stepsOf(read)[0], stepsOf(read).at(-1)]).toEqual([1, 3 * maxSteps]);
  });
});

it('histograms are sent to a page as the whole list, then as changes', async () => {
  createRun(
    out(),
    {
      experiment: { name: 'ring', objective: { kind: 'wgan' } },
      source: { path: '/x.gan.json', text: '{}' },
      versions: {},
      seed: 1,
      device: 'cpu',
    },
    10,
  );
  const histograms = openHistograms(out());
  histograms.append(summary(10));
  const sent: RunMessage[] = [];
  const feed = feedMonitor({
    directory: out(),
    post: (message) => sent.push(message),
    pictureUri: String,
    everyMs: { curve: 5, rest: 5 },
  });
  const until = (accept: () => void) => vi.waitFor(accept, { timeout: 5000, interval: 5 });
  await until(() => expect(sent[0]).toMatchObject({ type: 'state', state: { histograms: [summary(10)] } }));
  histograms.append(summary(20));
  const next: RunMessage = { type: 'histograms', from: 1, histograms: [summary(20)] };
  await until(() => expect(sent.filter(({ type }) => type === 'histograms')).toEqual([next]));
  expect(checkToPage(next)).toEqual({ value: next });
  histograms.close();
  feed.stop();
  await feed.stopped;
});
