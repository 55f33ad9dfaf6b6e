// The feed sends the whole state first, then only what is new, and starts over if a run was rewound.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import type { MonitorRows, RunMessage, ToPage } from '../../protocol/monitor';
import { checkToPage } from '../../protocol/monitorChecks';
import { annotate } from '../../run/annotations';
import { createRun, runPaths } from '../../run/directory';
import { createMetrics, resumeMetrics } from '../../run/metricsWriter';
import { openNotices } from '../../run/notices';
import { saveRealSampleImage, saveSampleImage } from '../../run/sampleImages';
import { feedComparison, type Feed, feedMonitor } from './feed';

const out = scratch('run');
const columns = [{ name: 'estimate', label: 'K·W', unit: '' }];
const experiment = { name: 'ring', objective: { kind: 'wgan' }, steps: 10 };
const manifest = { experiment, source: { path: '/x.gan.json', text: '{}' }, versions: {}, seed: 1, device: 'cpu' };

let feed: Feed | undefined;
afterEach(async () => {
  feed?.stop();
  await feed?.stopped;
});

const pictureUri = (file: string, version: string) => `${path.basename(file)}?${version === '' ? 'none' : 'v'}`;
const everyMs = { curve: 5, rest: 5 };

function follow(starting?: () => unknown, hasPrevious?: () => boolean): RunMessage[] {
  const sent: RunMessage[] = [];
  const post = (message: RunMessage) => sent.push(message);
  feed = feedMonitor({ directory: out(), starting, hasPrevious, post, pictureUri, everyMs });
  return sent;
}

const until = (accept: () => void) => vi.waitFor(accept, { timeout: 5000, interval: 5 });
const types = (sent: readonly RunMessage[]) => sent.map(({ type }) => type);
const append = (writer: ReturnType<typeof createMetrics>, ...steps: number[]) =>
  steps.forEach((step) => writer.append(step, 1e9 + step, { estimate: step / 2 }));
const last = <T extends RunMessage['type']>(sent: readonly RunMessage[], type: T) =>
  sent.findLast((message): message is Extract<RunMessage, { type: T }> => message.type === type);

describe('a feed', () => {
  it('leaves out damaged rows, and says so', async () => {
    createRun(out(), manifest, 10);
    const file = runPaths(out()).metrics;
    append(createMetrics(file, columns), 1, 2, 3);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length - 25] ^= 1; // in the second of three rows of 20 bytes
    fs.writeFileSync(file, bytes);
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    const { rows, notices } = last(sent, 'state')!.state;
    expect([...rows.step]).toEqual([1, 3]);
    const message = 'metrics.bin has a damaged row, which is left out.';
    expect(notices).toEqual([{ step: 0, level: 'warning', message }]);
  });

  it('says whether there is an earlier run to compare with, also when that becomes known later', async () => {
    createRun(out(), manifest, 10);
    let hasPrevious = false;
    const sent = follow(undefined, () => hasPrevious);
    await until(() => expect(types(sent)).toEqual(['state']));
    expect(last(sent, 'state')!.state.hasPrevious ?? false).toBe(false);
    hasPrevious = true;
    await until(() => expect(last(sent, 'status')?.hasPrevious).toBe(true));
    expect(checkToPage(last(sent, 'status'))).toEqual({ value: last(sent, 'status') });
  });

  it('has the name that the user gives the run, also while it is shown', async () => {
    createRun(out(), manifest, 10);
    await annotate(out(), { name: 'first' });
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    expect(last(sent, 'state')!.state).toMatchObject({ name: 'ring', givenName: 'first' });
    await annotate(out(), { name: 'second' });
    await until(() => expect(last(sent, 'status')?.givenName).toBe('second'));
    expect(checkToPage(last(sent, 'status'))).toEqual({ value: last(sent, 'status') });
  });

  it('adds metrics that are computed later as columns, whichever file is read first', async () => {
    createRun(out(), manifest, 10);
    const fid = [{ name: 'fid', label: 'FID, n = 9', unit: '' }];
    const later = createMetrics(runPaths(out()).sampleMetrics, fid);
    const metrics = createMetrics(runPaths(out()).metrics, columns);
    append(metrics, 1, 2);
    later.append(2, 1e9, { fid: 7 });
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    const { state } = last(sent, 'state')!;
    expect(state.columns).toEqual([...columns, ...fid]);
    expect([...state.rows.values.fid]).toEqual([NaN, 7]);
    append(metrics, 3, 4);
    await until(() => expect([...(last(sent, 'rows')?.rows.step ?? [])].at(-1)).toBe(4));
    later.append(4, 1e9, { fid: 5 });
    await until(() => expect(last(sent, 'values')?.rows.values).toEqual({ fid: Float32Array.of(5) }));
    expect([...last(sent, 'values')!.rows.step]).toEqual([4]);
  });

  it('sends the whole state, then new rows, samples, notices and status', async () => {
    const run = createRun(out(), manifest, 10);
    const metrics = createMetrics(runPaths(out()).metrics, columns);
    append(metrics, 1, 2, 3);
    saveSampleImage(out(), 2, Buffer.from('png'));
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    const state = last(sent, 'state')!.state;
    expect(state).toMatchObject({
      id: out(),
      name: 'ring',
      directory: out(),
      columns,
      liveness: 'alive',
      status: { state: 'starting' },
    });
    expect(state.rows).toEqual({
      step: Float64Array.of(1, 2, 3),
      wallTime: Float64Array.of(1e9 + 1, 1e9 + 2, 1e9 + 3),
      values: { estimate: Float32Array.of(0.5, 1, 1.5) },
    });
    expect(state.samples).toEqual([{ step: 2, uri: 'step-2.png?v' }]);
    expect(state.real).toBeNull();
    // The page does not validate the messages of the feed.
    expect(checkToPage(sent[0])).toEqual({ value: sent[0] });

    append(metrics, 4, 5);
    await until(() => expect(last(sent, 'rows')?.rows.step.at(-1)).toBe(5));
    expect(joinedSteps(sent)).toEqual([4, 5]);
    saveSampleImage(out(), 10, Buffer.from('png'));
    await until(() => expect(last(sent, 'samples')).toMatchObject({ from: 1, samples: [{ step: 10 }], real: null }));
    const notes = openNotices(out());
    notes.append({ step: 5, wallTime: 1, level: 'warning', kind: 'x', message: 'careful' });
    notes.close();
    await until(() =>
      expect(last(sent, 'notices')?.notices).toEqual([{ step: 5, level: 'warning', message: 'careful' }]),
    );
    saveRealSampleImage(out(), Buffer.from('png'));
    await until(() => expect(last(sent, 'samples')).toMatchObject({ from: 2, samples: [], real: 'real.png?v' }));
    // The output of the trainer, of which the log is a part.
    fs.appendFileSync(runPaths(out()).log, 'one\n\u001b[31mred\u001b[0m\n10 %\r20 %\n');
    await until(() => expect(last(sent, 'log')?.log).toEqual(['one', 'red', '20 %']));
    run.status.update({ state: 'stopped', step: 5 });
    await until(() => expect(last(sent, 'status')).toMatchObject({ liveness: 'ended', status: { step: 5 } }));
    expect(types(sent).filter((type) => type === 'state')).toHaveLength(1);
    metrics.close();
  });

  it('sends a long curve thinned, so that it is seen at once, then whole, then new rows', async () => {
    const steps = 50_000;
    createRun(out(), manifest, steps);
    const metrics = createMetrics(runPaths(out()).metrics, columns);
    for (let step = 1; step < steps; step++) append(metrics, step);
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state', 'curve', 'curve', 'curve']));
    const first = last(sent, 'state')!.state.rows;
    expect([first.step.length, first.step.at(-1)]).toEqual([5000, steps - 1]);
    const parts = sent.filter((message) => message.type === 'curve');
    expect(parts.map(({ total, rows }) => [total, rows.wallTime.length])).toEqual([
      [steps - 1, 20_000],
      [steps - 1, 20_000],
      [steps - 1, 9_999],
    ]);
    const whole = parts.flatMap(({ rows }) => [...rows.step]);
    expect(whole).toEqual(Array.from({ length: steps - 1 }, (_, i) => i + 1));
    // No more than the part is sent.
    expect(parts[0].rows.step.buffer.byteLength).toBe(20_000 * 8);
    append(metrics, steps);
    await until(() => expect([...(last(sent, 'rows')?.rows.step ?? [])]).toEqual([steps]));
  });

  it('neither loses nor repeats a row, whenever it starts', async () => {
    createRun(out(), manifest, 10);
    const metrics = createMetrics(runPaths(out()).metrics, columns);
    const pages: number[][] = [];
    const feeds: Feed[] = [];
    for (let step = 1; step <= 200; step++) {
      append(metrics, step);
      if (step % 4 === 0) {
        const page: number[] = [];
        pages.push(page);
        const post = (message: RunMessage) => {
          if (message.type === 'state') page.splice(0, Infinity, ...message.state.rows.step);
          if (message.type === 'rows') page.push(...message.rows.step);
        };
        feeds.push(feedMonitor({ directory: out(), post, pictureUri: String, everyMs: { curve: 1, rest: 1 } }));
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    metrics.close();
    const all = Array.from({ length: 200 }, (_, i) => i + 1);
    await until(() => pages.forEach((page) => expect(page).toEqual(all)));
    feeds.forEach((each) => each.stop());
    await Promise.all(feeds.map(({ stopped }) => stopped));
  });

  it('starts over if a resume truncated the curve', async () => {
    createRun(out(), manifest, 10);
    const metrics = createMetrics(runPaths(out()).metrics, columns);
    append(metrics, 1, 2, 3, 4);
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    metrics.close();
    const resumed = resumeMetrics(runPaths(out()).metrics, columns, 2);
    await until(() => expect(Array.from(last(sent, 'state')!.state.rows.step)).toEqual([1, 2]));
    append(resumed, 3);
    await until(() => expect(last(sent, 'rows')?.rows.step.at(-1)).toBe(3));
    resumed.close();
  });

  it('shows a run before its trainer has written anything, from its experiment', async () => {
    fs.mkdirSync(out());
    const sent = follow(() => experiment);
    await until(() => expect(types(sent)).toEqual(['state']));
    expect(last(sent, 'state')!.state).toMatchObject({ name: 'ring', status: null, liveness: null, columns: [] });
    createRun(out(), manifest, 10);
    const metrics = createMetrics(runPaths(out()).metrics, columns);
    append(metrics, 1);
    await until(() => expect(Array.from(last(sent, 'state')!.state.rows.step)).toEqual([1]));
    await until(() =>
      expect(last(sent, 'status')?.status?.state ?? last(sent, 'state')?.state.status?.state).toBe('starting'),
    );
    metrics.close();
  });

  it('lists ten thousand samples, and of later ones only each new one', async () => {
    createRun(out(), manifest, 10);
    const { samples } = runPaths(out());
    for (let step = 1; step <= 10_000; step++) fs.writeFileSync(path.join(samples, `step-${step}.png`), '');
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    expect(last(sent, 'state')!.state.samples).toHaveLength(10_000);
    for (let step = 10_001; step <= 10_020; step++) {
      saveSampleImage(out(), step, Buffer.from('png'));
      await until(() => expect(last(sent, 'samples')?.samples.at(-1)?.step).toBe(step));
    }
    const posted = sent.flatMap((message) => (message.type === 'samples' ? [message.samples.length] : []));
    expect(posted.reduce((a, b) => a + b)).toBe(20);
  });

  it('sends the images again if another attempt may have drawn them again', async () => {
    const { status } = createRun(out(), manifest, 10);
    saveSampleImage(out(), 2, Buffer.from('png'));
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    const file = path.join(out(), 'status.json');
    fs.writeFileSync(file, JSON.stringify({ ...status.current, startedAt: status.current.startedAt + 1 }));
    await until(() => expect(last(sent, 'samples')).toMatchObject({ from: 0, samples: [{ step: 2 }] }));
  });

  it.runIf(process.platform !== 'win32')('shows the rest of a run if one of its files cannot be read', async () => {
    createRun(out(), manifest, 10);
    const paths = runPaths(out());
    for (const file of [paths.log, paths.notices]) execFileSync('mkfifo', [file]);
    fs.symlinkSync('/dev/zero', paths.histograms);
    fs.rmSync(paths.samples, { recursive: true });
    fs.symlinkSync(path.dirname(out()), paths.samples);
    const sent = follow();
    await until(() => expect(types(sent)).toContain('state'));
    await until(() => expect(last(sent, 'problem')?.message).toMatch(/it is (a link|a named pipe)/));
    expect(last(sent, 'state')!.state).toMatchObject({ name: 'ring', samples: [], liveness: 'alive' });
  });

  it('takes back each problem when it is solved', async () => {
    createRun(out(), manifest, 10);
    const paths = runPaths(out());
    const sent = follow();
    await until(() => expect(types(sent)).toContain('state'));
    for (const file of [paths.log, paths.notices]) fs.symlinkSync(out(), file);
    await until(() => expect(last(sent, 'problem')?.message).toMatch(/it is a link/));
    fs.rmSync(paths.log);
    fs.rmSync(paths.notices);
    await until(() => expect(last(sent, 'problem')?.message).toBe(null));
    expect(sent.every((message) => 'value' in checkToPage(message))).toBe(true);
  });

  it('says once that the run was deleted, and shows it when it is back', async () => {
    createRun(out(), manifest, 10);
    append(createMetrics(runPaths(out()).metrics, columns), 1, 2, 3);
    const sent = follow();
    await until(() => expect(types(sent)).toEqual(['state']));
    fs.renameSync(out(), `${out()}.trash`);
    await until(() => expect(types(sent)).toEqual(['state', 'deleted']));
    expect(sent[1]).toEqual({ type: 'deleted', kind: 'run', name: path.basename(out()) });
    expect(checkToPage(sent[1])).toEqual({ value: sent[1] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toHaveLength(2);
    fs.renameSync(`${out()}.trash`, out());
    await until(() => expect(types(sent)).toEqual(['state', 'deleted', 'state']));
    expect([...last(sent, 'state')!.state.rows.step]).toEqual([1, 2, 3]);
  });

  it('reports a problem once, and shows the run when the problem is solved', async () => {
    fs.mkdirSync(out());
    const sent = follow();
    await until(() =>
      expect(sent).toEqual([{ type: 'problem', message: expect.stringContaining('is not a run directory') }]),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent).toHaveLength(1);
    createRun(out(), manifest, 10);
    await until(() => expect(types(sent)).toEqual(['problem', 'state']));
  });
});

describe('a comparison', () => {
  it('gets the feed of each run, and reports runs that cannot be read', async () => {
    const [a, b] = [path.join(out(), 'a'), path.join(out(), 'b')];
    fs.mkdirSync(b, { recursive: true });
    createRun(a, manifest, 10);
    const metrics = createMetrics(runPaths(a).metrics, columns);
    append(metrics, 1);
    const sent: ToPage[] = [];
    feed = feedComparison({ directories: [a, b], post: (message) => sent.push(message), pictureUri, everyMs });
    expect(sent).toEqual([
      {
        type: 'comparison',
        runs: [
          { id: a, name: 'a' },
          { id: b, name: 'b' },
        ],
      },
    ]);
    const messagesOf = (id: string) =>
      sent.flatMap((message) => (message.type === 'of' && message.id === id ? [message.message] : []));
    await until(() => expect(types(messagesOf(a))).toContain('state'));
    await until(() => expect(types(messagesOf(b))).toEqual(['problem']));
    append(metrics, 2);
    await until(() => expect(last(messagesOf(a), 'rows')?.rows.step.at(-1)).toBe(2));
    metrics.close();
  });
});

function joinedSteps(sent: readonly RunMessage[]): number[] {
  const rows = sent.flatMap((message): MonitorRows[] => (message.type === 'rows' ? [message.rows] : []));
  return rows.flatMap(({ step }) => Array.from(step));
}
