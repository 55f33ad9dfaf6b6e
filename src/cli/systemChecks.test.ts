import { expect, it } from 'vitest';
import {
  describeCuda,
  checkMemory,
  checkNode,
  checkPlatform,
  describeTensorflow,
  describeWebgpu,
} from './systemChecks';

it.each([
  ['18.20.4', 'fail'],
  ['20.8.1', 'fail'],
  ['20.9.0', 'ok'],
  ['24.1.0', 'ok'],
])('rates Node.js %s as %s', (version, level) => expect(checkNode(version).level).toBe(level));

it.each([
  ['linux', 'x64', false, 'ok'],
  ['linux', 'x64', true, 'fail'],
  ['darwin', 'arm64', false, 'ok'],
  ['darwin', 'x64', false, 'fail'],
  ['linux', 'ia32', false, 'fail'],
] as const)('rates %s %s (musl: %s) as %s', (platform, arch, musl, level) => {
  expect(checkPlatform(platform, arch, musl, false).level).toBe(level);
  expect(checkPlatform(platform, arch, musl, true).level).toBe(level === 'ok' ? 'ok' : 'warn');
});

it('reports the GPU, and does not treat a missing one as an error', () => {
  expect(describeWebgpu({ found: { name: 'NVIDIA H100', software: false } }).text).toBe(
    'NVIDIA H100 works; "auto" uses it',
  );
  const software = describeWebgpu({ found: { name: 'a software adapter', software: true } });
  expect([software.level, software.text]).toEqual(['none', 'only a software adapter, which "auto" does not use']);
  expect(describeWebgpu({ problem: 'no driver' })).toMatchObject({ level: 'none', text: 'no driver' });
  expect(describeCuda({ problem: 'no library' })).toMatchObject({ level: 'none', text: 'no library' });
});

it('says "ok" of TensorFlow only where it works', () => {
  const state = { version: null, gpu: false, missing: [], problem: 'not installed', todo: 'Install it.' };
  expect(describeTensorflow(state)).toEqual({
    level: 'none',
    text: 'not installed',
    todo: 'Only needed for "engine": "tensorflow". Install it.',
  });
  expect(describeTensorflow({ ...state, version: '2.9.1', problem: null }).level).toBe('ok');
});

it('reports the CUDA libraries that TensorFlow cannot find', () => {
  const state = { version: '2.9.1', gpu: false, missing: ['libcudart.so.11.0'], problem: null, todo: '' };
  expect(describeTensorflow(state).text).toBe('2.9.1 works; no CUDA device found (missing: libcudart.so.11.0)');
  expect(describeTensorflow({ ...state, gpu: true }).text).toBe('2.9.1 works with CUDA');
});

it('gives advice for every failed check', () => {
  for (const finding of [checkNode('18.0.0'), checkPlatform('darwin', 'x64', false, false), checkMemory(2 ** 29)]) {
    expect(finding.level).not.toBe('ok');
    expect(finding.todo).toMatch(/\.$/);
  }
});
