// Files of a run that are damaged, as after a power cut, or edited: every good row and checkpoint survives, an export
// is right or refused, and what was found is said.
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { type FaultKind, must } from '../faultKind';
import type { Random } from '../random';
import { experimentNames, experiments, finished, killed, lastCheckpoint, mustEqual, untimed } from '../references';

const filesOf = (run: string): string[] =>
  readdirSync(run, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(run, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();

/** Changes a file as disks, power cuts and people do. Returns what was done. */
export function damage(file: string, random: Random): string {
  const { size } = statSync(file);
  const bytes = readFileSync(file);
  const at = random.below(Math.max(1, size));
  const length = Math.min(size - at, random.pick([1, 16, 512, 4096]));
  const ways: Record<string, () => void> = {
    emptied: () => truncateSync(file, 0),
    'cut off': () => truncateSync(file, at),
    'filled with zeros': () => writeFileSync(file, Buffer.alloc(size)),
    'zeroed in part': () => writeFileSync(file, bytes.fill(0, at, at + length)),
    'changed by one bit': () => {
      if (size > 0) bytes[at] ^= 1 << random.below(8);
      writeFileSync(file, bytes);
    },
    'overwritten in part': () => writeFileSync(file, Buffer.concat([bytes.subarray(0, at), random.bytes(length)])),
    appended: () => appendFileSync(file, random.bytes(64)),
    removed: () => rmSync(file),
  };
  const way = random.pick(Object.keys(ways));
  ways[way]();
  return `${way} at ${at}`;
}

/** Outputs of a run that resuming does not read: damage to them is not noticed. */
const outputsOnly = /^(samples|live|log\.txt|histograms|notices|.*tfevents)/;

export const damagedFiles: FaultKind = {
  id: 'damage',
  title: 'one file of a run damaged: emptied, cut off, zeroed, a bit flipped, removed; then runs, export, resume',
  trials: { short: 6, long: 300 },
  run: async ({ number, random, sandbox }) => {
    const name = experimentNames[number % experimentNames.length];
    const [reference, half] = [await finished(name), await killed(name)];
    const run = sandbox.work('.earthmover', 'runs', 'half');
    cpSync(half.run, run, { recursive: true });
    const file = random.pick(filesOf(run));
    const what = `${file} ${damage(path.join(run, file), random)}`;
    try {
      await sandbox.cli(['runs']);
      const model = sandbox.work('model');
      const { code: exported } = await sandbox.cli(['export', run, '--out', model]);
      if (exported === 0) mustBeACheckpointOf(model, half.run);
      else must(!existsSync(model), 'a refused export left something behind');
      const resumed = await sandbox.cli(['resume', run]);
      if (resumed.code === 0 && !outputsOnly.test(file)) mustEqualButFor(run, reference, half, file);
      // Only the experiment cannot be replaced: the rest of a run is redundant.
      else if (resumed.code !== 0)
        must(/experiment\.json|version/.test(resumed.stderr), `not resumed: ${resumed.stderr}`);
    } catch (error) {
      throw new Error(`${name}: ${what}: ${(error as Error).message}`, { cause: error });
    }
  },
};

/** Throws unless the model has the weights of a whole checkpoint. */
function mustBeACheckpointOf(model: string, run: string): void {
  const weights = readFileSync(path.join(model, 'weights.bin'));
  const all = readdirSync(path.join(run, 'checkpoints')).map((step) =>
    path.join(run, 'checkpoints', step, 'generator', 'weights.bin'),
  );
  must(
    all.some((file) => existsSync(file) && readFileSync(file).equals(weights)),
    'the exported weights are those of no checkpoint',
  );
}

/** Equal to the reference, except that rows which were on the damaged part of metrics.bin may be missing. */
function mustEqualButFor(
  run: string,
  reference: Awaited<ReturnType<typeof finished>>,
  half: Awaited<ReturnType<typeof killed>>,
  file: string,
): void {
  if (file !== 'metrics.bin') return mustEqual(run, reference);
  const weights = path.join('generator', 'weights.bin');
  must(
    readFileSync(path.join(lastCheckpoint(run), weights)).equals(
      readFileSync(path.join(lastCheckpoint(reference.run), weights)),
    ),
    'the weights differ',
  );
  const right = new Map(reference.rows.map((row) => [row.step, JSON.stringify(row)]));
  const rows = untimed(run);
  must(
    rows.every((row) => JSON.stringify(row) === right.get(row.step)),
    'the curve has rows that are not those of the run',
  );
  must(rows.length >= reference.rows.length - half.rows.length, 'rows after the damage are missing');
}

export const lostFolders: FaultKind = {
  id: 'lost-folder',
  title: 'a folder of a run is lost: attempts, control, samples, live, a checkpoint; then resume',
  trials: { short: 5, long: 15 },
  run: async ({ number, sandbox }) => {
    const folder = ['attempts', 'control', 'samples', 'live', 'checkpoints/*'][number % 5];
    const name = experimentNames[Math.floor(number / 5) % experimentNames.length];
    const [reference, half] = [await finished(name), await killed(name)];
    const run = sandbox.work('run');
    cpSync(half.run, run, { recursive: true });
    rmSync(folder.endsWith('*') ? lastCheckpoint(run) : path.join(run, folder), { recursive: true, force: true });
    const { code, stderr } = await sandbox.cli(['resume', run]);
    must(code === 0, `${folder}: ended with ${code}: ${stderr}`);
    if (folder === 'samples') must(untimed(run).length === experiments[name].steps, 'rows are missing');
    else mustEqual(run, reference);
  },
};

/** Replaces a random value in parsed JSON by one of another kind. */
export function wrongValue(json: unknown, random: Random): unknown {
  const odd = [
    null,
    -1,
    1.5,
    1e300,
    '',
    '\u001b[2J\u001b]0;x\u0007',
    '../..',
    [],
    {},
    true,
    'x'.repeat(10_000),
    [[[]]],
  ];
  if (typeof json !== 'object' || json === null || random.chance(0.2)) return random.pick(odd);
  const keys = Object.keys(json);
  if (keys.length === 0) return random.pick(odd);
  const key = random.pick(keys);
  if (random.chance(0.15)) {
    const { [key]: _, ...rest } = json as Record<string, unknown>;
    return Array.isArray(json) ? Object.values(rest) : rest;
  }
  const changed = wrongValue((json as Record<string, unknown>)[key], random);
  return Array.isArray(json) ? json.with(Number(key), changed) : { ...json, [key]: changed };
}

export const wrongValues: FaultKind = {
  id: 'wrong-json',
  title: 'valid JSON with wrong values in a run directory; then runs, export, resume',
  trials: { short: 4, long: 150 },
  fuzz: true,
  run: async ({ random, sandbox }) => {
    const half = await killed('points');
    const run = sandbox.work('.earthmover', 'runs', 'half');
    cpSync(half.run, run, { recursive: true });
    const files = filesOf(run).filter((file) => file.endsWith('.json') || file.endsWith('.jsonl'));
    const file = path.join(run, random.pick(files));
    const text = readFileSync(file, 'utf8');
    const values = (file.endsWith('l') ? text.trim().split('\n') : [text]).map((line) => JSON.parse(line) as unknown);
    let changed = values;
    for (let k = 0; k <= random.below(3); k++) {
      const at = random.below(values.length);
      changed = changed.with(at, wrongValue(changed[at], random));
    }
    const written = changed.map((value) => JSON.stringify(value)).join('\n');
    writeFileSync(file, `${written}\n`);
    try {
      for (const args of [['runs'], ['export', run, '--out', 'model'], ['resume', run, '--steps', '125']]) {
        await sandbox.cli(args);
      }
    } catch (error) {
      throw new Error(`${path.relative(run, file)} = ${written.slice(0, 500)}: ${(error as Error).message}`);
    }
  },
};
