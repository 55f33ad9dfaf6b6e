// Programs named like those of Slurm that answer what a test has prepared, for machines without Slurm.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { environment } from './environment';

type Program = 'sbatch' | 'squeue' | 'scancel' | 'scontrol';

/**
 * Puts the programs first on the PATH for the duration of a test. Each prints its prepared answers one after another,
 * the last one again and again: text on stdout, or on stderr with exit code 1 if it begins with "error: ".
 */
export function fakeSlurm(answers: Readonly<Partial<Record<Program, readonly string[]>>>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'earthmover-fake-slurm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const program of ['sbatch', 'squeue', 'scancel', 'scontrol'] as const) {
    const script = `#!/bin/sh
cd '${folder}'
printf '%s\\n' "$*" >> ${program}.calls
n=$(wc -l < ${program}.calls)
while [ "$n" -gt 1 ] && [ ! -e ${program}.$n ]; do n=$((n - 1)); done
[ -e ${program}.$n ] || exit 0
grep -q '^error: ' ${program}.$n && { sed 's/^error: //' ${program}.$n >&2; exit 1; }
cat ${program}.$n
`;
    writeFileSync(path.join(folder, program), script, { mode: 0o755 });
    answers[program]?.forEach((text, k) => writeFileSync(path.join(folder, `${program}.${k + 1}`), text));
  }
  environment({ PATH: `${folder}${path.delimiter}${process.env.PATH}` });
  return {
    /** The arguments of each call of a program, separated by spaces. */
    calls: (program: Program): string[] => {
      const file = path.join(folder, `${program}.calls`);
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    },
    /** Changes the answer to all calls that follow. */
    answer: (program: Program, text: string): void => {
      const file = path.join(folder, `${program}.calls`);
      appendFileSync(file, '');
      const calls = readFileSync(file, 'utf8').split('\n').length - 1;
      writeFileSync(path.join(folder, `${program}.${calls + 1}`), text);
    },
  };
}
