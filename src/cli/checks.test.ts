import { expect, it } from 'vitest';
import { memory, nodeFinding, platformFinding } from './checks';

it.each([
  ['18.20.4', 'fail'],
  ['20.8.1', 'fail'],
  ['20.9.0', 'ok'],
  ['24.1.0', 'ok'],
])('Node.js %s: %s', (version, level) => expect(nodeFinding(version).level).toBe(level));

it.each([
  ['linux', 'x64', false, 'ok'],
  ['linux', 'x64', true, 'fail'],
  ['darwin', 'arm64', false, 'ok'],
  ['darwin', 'x64', false, 'fail'],
  ['linux', 'ia32', false, 'fail'],
] as const)('%s %s (musl: %s): %s', (platform, arch, musl, level) => {
  expect(platformFinding(platform, arch, musl).level).toBe(level);
});

it('says what to do wherever something is not right', () => {
  for (const finding of [nodeFinding('18.0.0'), platformFinding('darwin', 'x64', false), memory(2 ** 29)]) {
    expect(finding.level).not.toBe('ok');
    expect(finding.todo).toMatch(/\.$/);
  }
});
