// The live preview follows manual stepping and slow motion update by update, and no other runs.
import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { scratch } from '../../../test/fixtures/run/scratch';
import type { MonitorLive, MonitorStatus } from '../../protocol/monitor';
import { checkToPage } from '../../protocol/monitorChecks';
import type { LivePreview } from '../../protocol/livePreview';
import { createRun, type OwnedRun } from '../../run/directory';
import { removeLivePreview, livePreviewFile, livePreviewImage, saveLivePreview } from '../../run/livePreview';
import { followLivePreview } from './livePreview';

const out = scratch('run');
const manifest = { experiment: {}, source: { path: '/x.gan.json', text: '{}' }, versions: {}, seed: 1, device: 'cpu' };
const place: Omit<LivePreview, 'version'> = {
  step: 812,
  network: 'critic',
  criticUpdatesDone: 3,
  criticUpdatesTotal: 5,
  values: { estimate: 0.5, penalty: null },
};

function follow() {
  const sent: (MonitorLive | null)[] = [];
  const errors: unknown[] = [];
  const follower = followLivePreview({
    directory: out(),
    post: (message) => {
      expect(checkToPage(message)).toEqual({ value: message });
      sent.push(message.live);
    },
    pictureUri: (file, version) => `${path.basename(file)}?${version}`,
    onError: (error) => errors.push(error),
    onRead: () => (errors.length = 0),
  });
  onTestFinished(async () => {
    await follower.stop();
    expect(errors).toEqual([]);
  });
  return { sent, errors, follower };
}

const until = (accept: () => void) => vi.waitFor(accept, { timeout: 5000, interval: 10 });
const statusOf = ({ status }: OwnedRun, liveness: MonitorStatus['liveness'] = 'alive'): MonitorStatus => ({
  status: status.current,
  liveness,
});

it('posts each update while paused or in slow motion, and one message when that ends', async () => {
  const run = createRun(out(), manifest, 1000);
  const { sent, follower } = follow();
  run.status.update({ state: 'paused' });
  follower.update(statusOf(run));
  saveLivePreview(out(), place, Buffer.from('one'));
  await until(() => expect(sent).toEqual([{ ...place, uri: expect.stringMatching(/^live\.png\?/) as string }]));
  saveLivePreview(out(), { ...place, criticUpdatesDone: 4 }, Buffer.from('another'));
  await until(() => expect(sent.at(-1)?.criticUpdatesDone).toBe(4));
  expect(sent[1]?.uri).not.toBe(sent[0]?.uri);
  expect(fs.readFileSync(livePreviewImage(out()), 'utf8')).toBe('another');
  // A page that gets the whole state again gets the live preview again.
  follower.resend();
  await until(() => expect(sent).toHaveLength(3));
  expect(sent[2]).toEqual(sent[1]);

  run.status.update({ state: 'running', slowMotionRate: 2 });
  follower.update(statusOf(run));
  saveLivePreview(out(), { ...place, network: 'generator', criticUpdatesDone: 5 }, Buffer.from('third'));
  await until(() => expect(sent.at(-1)).toMatchObject({ network: 'generator', criticUpdatesDone: 5 }));
  run.status.update({ slowMotionRate: null });
  follower.update(statusOf(run));
  expect(sent.at(-1)).toBeNull();
  const { length } = sent;
  follower.update(statusOf(run));
  saveLivePreview(out(), place, Buffer.from('late'));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(sent).toHaveLength(length);
});

it('posts nothing for a normal run, nor the leftover preview of a killed trainer', async () => {
  const run = createRun(out(), manifest, 1000);
  saveLivePreview(out(), place, Buffer.from('old'));
  const { sent, follower } = follow();
  run.status.update({ state: 'running' });
  follower.update(statusOf(run));
  run.status.update({ state: 'paused' });
  follower.update(statusOf(run, 'dead'));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(sent).toEqual([]);
  follower.update(statusOf(run, 'elsewhere'));
  await until(() => expect(sent).toHaveLength(1));
  removeLivePreview(out());
  await until(() => expect(sent.at(-1)).toBeNull());
});

it('posts nothing if another version wrote the file', async () => {
  const run = createRun(out(), manifest, 1000);
  saveLivePreview(out(), place, Buffer.from('x'));
  fs.writeFileSync(livePreviewFile(out()), JSON.stringify({ ...place, version: 2 }));
  const { sent, follower } = follow();
  run.status.update({ state: 'paused' });
  follower.update(statusOf(run));
  await until(() => expect(sent).toEqual([null]));
});

it('reports a file that cannot be read until it can, or until there is nothing to follow', async () => {
  const run = createRun(out(), manifest, 1000);
  saveLivePreview(out(), place, Buffer.from('x'));
  const good = fs.readFileSync(livePreviewFile(out()));
  const { sent, errors, follower } = follow();
  run.status.update({ state: 'paused' });
  fs.writeFileSync(livePreviewFile(out()), '{');
  follower.update(statusOf(run));
  await until(() => expect(errors.length).toBeGreaterThan(0));
  fs.writeFileSync(livePreviewFile(out()), good);
  await until(() => expect(sent).toHaveLength(1));
  expect(errors).toEqual([]);
  fs.writeFileSync(livePreviewFile(out()), '{');
  await until(() => expect(errors.length).toBeGreaterThan(0));
  run.status.update({ state: 'running' });
  follower.update(statusOf(run));
  expect(errors).toEqual([]);
});
