import { describe, expect, it } from 'vitest';
import { type TrainerEvent } from '../trainer/trainerEvents';
import { type Output, createStyle } from './output';
import { createReporter } from './reporter';
import { median } from '../math/median';
import { significant } from '../shared/text';

function record(terminal: boolean) {
  const written: string[] = [];
  let time = 0;
  const out: Output = {
    terminal,
    rows: () => 24,
    screen: () => {},
    columns: () => 100,
    style: createStyle(false),
    line: (text = '') => written.push(`${text}\n`),
    redraw: (text = '') => written.push(`\r${text}\x1b[K`),
  };
  const report = createReporter(out, { estimate: 'K·W', modes: 8 }, () => time);
  return {
    report: (event: TrainerEvent, at = time) => {
      time = at;
      report(event);
    },
    text: () => written.join(''),
    /** What a terminal shows at the end: a carriage return restarts a line. */
    screen: () =>
      written
        .join('')
        .split('\n')
        .map((line) => line.split('\r').pop()?.replaceAll('\x1b[K', '')),
  };
}

const start: TrainerEvent = {
  event: 'start',
  run: '/runs/a b',
  name: 'evil\x1b[2Jname',
  steps: 100,
  from: 0,
  seed: 7,
  engine: 'onnx',
  device: 'cpu',
  threads: 2,
};
const step = (k: number): TrainerEvent => ({
  event: 'step',
  step: k,
  wallTime: k / 10,
  values: { estimate: 1 / k },
  secondsLeft: (100 - k) / 10,
});
const end = (reason: 'finished' | 'interrupted' | 'diverged'): TrainerEvent => ({
  event: 'end',
  reason,
  run: '/runs/a b',
  step: 100,
  metrics: { modes: 7, highQuality: 0.98765, w1: 0.0312, w1Floor: 0.0221, extra: NaN },
});

describe('on a terminal', () => {
  it('redraws one line at most ten times a second', () => {
    const { report, text } = record(true);
    report(start, 0);
    for (let k = 1; k <= 100; k++) report(step(k), 10 * k);
    const draws = text().split('\r').length - 1;
    expect(draws).toBe(11);
    expect(text()).toContain('100/100');
    expect(text()).toContain('10.0 it/s');
  });

  it('prints notices above the line, and only the summary at the end', () => {
    const { report, screen } = record(true);
    report(start, 0);
    report(step(50), 5000);
    report({ event: 'notice', level: 'warning', message: 'careful\r\x1b[2J' });
    expect(screen().at(-2)).toBe('warning  careful\\x0d\\x1b[2J');
    expect(screen().at(-1)).toContain('50/100');
    report({ event: 'notice', level: 'warning', message: 'The critic is dead.', step: 50, kind: 'dead-critic' });
    expect(screen().at(-2)).toBe('warning  step 50: The critic is dead.');
    report(end('finished'));
    expect(screen().join('\n')).not.toContain('50/100');
  });
});

describe('in a log', () => {
  it('writes the median of the last steps, as the monitor does', () => {
    const { report, text } = record(false);
    report({ ...start, steps: 1000 }, 0);
    const estimates = Array.from({ length: 1000 }, (_, i) => Math.sin(i * i));
    estimates.forEach((estimate, i) => report({ ...step(i + 1), values: { estimate } } as TrainerEvent, 5 * (i + 1)));
    expect(text()).toContain(`step 1000 of 1000 (100%), K·W ${significant(median(estimates.slice(-16)))}, `);
  });

  it('writes a sentence every five seconds, without control characters', () => {
    const { report, text } = record(false);
    report(start, 0);
    for (let k = 1; k <= 100; k++) report(step(k), 200 * k);
    report(end('finished'));
    const sentences = text().match(/^step .*$/gm);
    expect(sentences).toHaveLength(4);
    expect(sentences?.[0]).toBe('step 25 of 100 (25%), K·W 0.04, 10.0 it/s, ETA 0:08');
    // eslint-disable-next-line no-control-regex -- the test asserts that there are none
    expect(text()).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    expect(text()).toContain('evil\\x1b[2Jname');
  });
});

describe('the summary', () => {
  const summary = (reason: 'finished' | 'interrupted' | 'diverged') => {
    const { report, text } = record(false);
    report(start, 0);
    for (let k = 1; k <= 100; k++) report(step(k), k);
    report({ event: 'sample', step: 100, file: '/runs/a b/samples/step-100.png' });
    if (reason === 'diverged') report({ event: 'notice', level: 'error', message: 'it is NaN' });
    report({ ...end(reason), message: reason === 'finished' ? undefined : 'it is NaN' } as TrainerEvent);
    return text();
  };

  it('shows the metrics next to their best possible values', () => {
    const text = summary('finished');
    expect(text).toMatch(/^Finished at step 100 in 0:10 \(10\.0 it\/s\)$/m);
    expect(text).toMatch(/^ {2}modes +7 of 8$/m);
    expect(text).toMatch(/^ {2}high quality +98\.8%$/m);
    expect(text).toMatch(/^ {2}exact W1 +0\.0312 {2}\(two sets of real samples: 0\.0221\)$/m);
    expect(text).toMatch(/^ {2}extra +NaN$/m);
    expect(text).toMatch(/^ {2}samples +.*samples$/m);
    expect(text).not.toContain('resume');
  });

  it('shows the quoted resume command if the run can be resumed', () => {
    expect(summary('interrupted')).toMatch(/earthmover resume '.*a b'$/m);
    expect(summary('diverged')).not.toContain('resume');
  });

  it('shows the reason once', () => {
    expect(summary('interrupted')).toMatch(/^Interrupted at step 100 in .*: it is NaN$/m);
    expect(summary('diverged').match(/it is NaN/g)).toHaveLength(1);
  });
});
