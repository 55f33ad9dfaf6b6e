import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSubmission, parseSbatch, readSubmission, readSubmissions, recordJob } from './submissions';

function scratch(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-submissions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the output of sbatch --parsable', () => {
  it.each([
    ['123\n', { job: '123', cluster: null }],
    ['123;alpha\n', { job: '123', cluster: 'alpha' }],
    ['  Welcome!\nYour project has 17 hours left.\n\n4711;my-cluster\n', { job: '4711', cluster: 'my-cluster' }],
    ['123\n*** maintenance on Monday ***\n', { job: '123', cluster: null }],
    ['Submitted batch job 123\n', null],
    ['', null],
  ])('%j', (text, answer) => {
    expect(parseSbatch(text)).toEqual(answer);
  });
});

describe('submissions', () => {
  it('are numbered, and each number is used once', () => {
    const directory = scratch();
    const sweep = { directory, name: 'A sweep' };
    const first = createSubmission(sweep, 1, [[1, 2], [3]]);
    expect(first?.name).toMatch(/^a-sweep-[0-9a-f]{6}\.1$/);
    expect(createSubmission(sweep, 1, [[1]])).toBeNull();
    createSubmission(sweep, 10, [[4]]);
    createSubmission(sweep, 2, [[5]]);
    recordJob(directory, first!, { job: '41', cluster: null });
    expect(readSubmissions(directory).map(({ number, job }) => [number, job])).toEqual([
      [1, '41'],
      [2, null],
      [10, null],
    ]);
    expect(readSubmission(directory, 3)).toBeNull();
  });

  it.each<[string, object]>([
    ['a name with an option', { name: 'a --all' }],
    ['a job that is no id', { job: '1 --user=root' }],
    ['trials that are no numbers', { tasks: [['1']] }],
    ['no trials', { tasks: undefined }],
  ])('with %s are damaged', (_, change) => {
    const directory = scratch();
    mkdirSync(path.join(directory, 'submissions'));
    const valid = { number: 1, name: 'a-1.1', tasks: [[1]], job: '4', cluster: null, at: 0 };
    const file = path.join(directory, 'submissions', '1.json');
    writeFileSync(file, JSON.stringify(valid));
    expect(readSubmission(directory, 1)).toEqual({ ...valid, diverged: false, submitter: null });
    writeFileSync(file, JSON.stringify({ ...valid, ...change }));
    expect(() => readSubmission(directory, 1)).toThrow(/1\.json is damaged/);
  });

  it.skipIf(process.platform === 'win32')('are not read through a link', () => {
    const [directory, other] = [scratch(), scratch()];
    symlinkSync(other, path.join(directory, 'submissions'));
    expect(() => readSubmissions(directory)).toThrow(/link/);
  });
});
