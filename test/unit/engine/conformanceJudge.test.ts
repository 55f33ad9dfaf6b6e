// The judgement of a conformance run: no failure passes unnoticed, and no exclusion outlives what it excused.
import { describe, expect, it } from 'vitest';
import { judge, type Outcome } from '../../conformance/judge';

const spec = (name: string, status: string): Outcome => ({ name, status, message: status === 'failed' ? 'why' : '' });
const outcomes = [spec('add', 'passed'), spec('text a', 'failed'), spec('text b', 'failed'), spec('fft', 'pending')];

describe('the judgement of a conformance run', () => {
  it('counts what passed, what is excluded and what the suite itself leaves out', () => {
    const found = judge(outcomes, [{ specs: /^text /, reason: 'no text' }]);
    expect(found).toMatchObject({ passed: 1, pending: 1, failed: [], stale: [] });
    expect([...found.excluded]).toEqual([['no text', 2]]);
  });

  it('names each failure that nothing excludes', () => {
    const found = judge(outcomes, [{ specs: /^text a$/, reason: 'no text' }]);
    expect(found.failed).toEqual([spec('text b', 'failed')]);
  });

  it('calls an exclusion stale that matches a spec which passes', () => {
    const found = judge([...outcomes, spec('text c', 'passed')], [{ specs: /^text /, reason: 'no text' }]);
    expect(found.stale).toEqual(['stale exclusion /^text /: "text c" passes']);
  });

  it('calls an exclusion stale that matches no failure, unless only some of the specs ran', () => {
    const exclusions = [
      { specs: /^text /, reason: 'no text' },
      { specs: /^gone$/, reason: 'was mended' },
    ];
    expect(judge(outcomes, exclusions).stale).toEqual(['stale exclusion /^gone$/: no spec that it matches fails']);
    expect(judge(outcomes, exclusions, true).stale).toEqual([]);
  });
});
