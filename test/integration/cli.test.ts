// The command line as a process: its texts, exit codes, JSON, and invalid input.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, experiment, lines, root, scratch, start, status } from './cliProcess';

describe('texts', () => {
  it('prints the help with --help and without arguments', async () => {
    const help = await cli(['help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['train', 'resume', 'stop', 'lint', 'graph', 'doctor'])
      expect(help.stdout).toContain(`  ${command} `);
    const silent = await cli([]);
    expect(silent).toMatchObject({ code: 2, stdout: '', stderr: help.stdout });
    const train = await cli(['train', '--help']);
    expect(train).toMatchObject({ code: 0, stdout: (await cli(['help', 'train'])).stdout });
    expect(train.stdout).toContain('--set path=value ...');
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it.each([
    [['trian', 'x'], "Unknown command 'trian'. Did you mean 'earthmover train'?"],
    [['train', 'x', '--stesp', '3'], "Unknown option --stesp for 'earthmover train'. Did you mean --steps?"],
    [['train'], 'Usage: earthmover train FILE'],
    [['resume', 'nowhere'], "No run 'nowhere'"],
    [['stop', 'nowhere'], "No run 'nowhere'"],
    [['resume', '.'], 'is not a run directory'],
    [['stop', '.'], 'is not a run directory'],
    [['train', 'missing.gan.json'], 'Cannot read missing.gan.json: it does not exist.'],
    [['train', '.'], '. is a folder.'],
    [['lint', 'missing.gan.json'], 'Cannot read missing.gan.json'],
  ])('rejects %j as invalid input', async (args, message) => {
    const ended = await cli(args, scratch());
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/\n +at /);
  });
});

describe('graph', () => {
  it('prints a step before and after optimization, and the cost after each pass', async () => {
    const folder = scratch();
    const shown = await cli(['graph', experiment(folder)]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/Critic step as recorded\n%0 = .*\nreturn .*\n\nAfter optimization\n%0 = /s);
    const json = await cli(['graph', experiment(folder), '--step', 'generator', '--device', 'cpu', '--json']);
    const { step, recorded, optimized, passes } = JSON.parse(json.stdout) as {
      step: string;
      recorded: string;
      optimized: string;
      passes: { pass: string; nodes: number; flops: number; bytes: number }[];
    };
    expect({ step, code: json.code }).toEqual({ step: 'generator', code: 0 });
    const nodes = (text: string) => text.split('\n').length - 1;
    expect(passes[0].pass).toBe('none');
    expect(passes.at(-1)).toMatchObject({ pass: 'hostUpdates', nodes: nodes(optimized) });
    expect(nodes(recorded)).toBeGreaterThan(nodes(optimized));
    expect(passes.at(-1)?.flops).toBeLessThanOrEqual(passes[0].flops);
    expect(passes.every(({ flops, bytes }) => flops > 0 && bytes > 0)).toBe(true);
  });

  it.each([
    ['fast', true],
    ['accurate', false],
  ])('has large tiles for convolutions only if they are %s', async (convolutions, large) => {
    const json = await cli(['graph', experiment(scratch(), { convolutions }), '--device', 'cpu', '--json']);
    const { passes } = JSON.parse(json.stdout) as { passes: { pass: string }[] };
    expect(passes.some(({ pass }) => pass === 'largeWinogradTiles')).toBe(large);
  });

  it('rejects unknown steps and devices', async () => {
    const folder = scratch();
    const step = await cli(['graph', experiment(folder), '--step', 'critique']);
    expect(step).toMatchObject({ code: 2, stdout: '' });
    expect(step.stderr).toContain('--step must be critic or generator, got "critique".');
    const device = await cli(['graph', experiment(folder), '--device', 'abacus']);
    expect(device).toMatchObject({ code: 2, stdout: '' });
    expect(device.stderr).toContain('abacus');
  });
});

describe('lint', () => {
  it('accepts a valid file', async () => {
    const folder = scratch();
    expect(await cli(['lint', experiment(folder)])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '1 file: no problems\n',
    });
  });

  it('accepts the examples, and the experiments in the README', async () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const shown = [/```jsonc\n(.*?)```/s.exec(readme)?.[1], /`(\{ "data".*?\})`/.exec(readme)?.[1]];
    const folder = scratch();
    const files = shown.map((text, k) => {
      writeFileSync(path.join(folder, `${k}.gan.json`), text ?? '');
      return path.join(folder, `${k}.gan.json`);
    });
    const examples = readdirSync(path.join(root, 'examples')).map((file) => path.join(root, 'examples', file));
    const ended = await cli(['lint', ...files, ...examples.filter((file) => file.endsWith('.gan.json'))]);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
  });

  it('prints the place of every problem', async () => {
    const folder = scratch();
    const text = '{\n  "data": { "source": "gaussians-ring" },\n  "criticStep": 3,\n  "steps": "many"\n}\n';
    writeFileSync(path.join(folder, 'bad.gan.json'), text);
    const ended = await cli(
      ['lint', experiment(folder), 'bad.gan.json'].map((file) => path.basename(file)),
      folder,
    );
    expect(ended.code).toBe(2);
    const [unknown, wrong, ...others] = ended.stdout.trimEnd().split('\n');
    expect(unknown).toMatch(/^bad\.gan\.json:3:3: error: criticStep .*criticSteps.* \[unknown-key\]$/);
    expect(wrong).toMatch(/^bad\.gan\.json:4:12: error: steps must be a whole number .* got "many".* \[wrong-value\]$/);
    expect(others).toEqual([]);
    expect(ended.stderr).toBe('2 files: 2 errors, no warnings\n');
    const json = lines(await cli(['lint', 'bad.gan.json', '--json'], folder));
    expect(json).toMatchObject([
      { line: 3, column: 3, code: 'unknown-key', severity: 'error' },
      { line: 4, column: 12, code: 'wrong-value', severity: 'error' },
    ]);
  });

  it('checks the files in a folder and finds their known problems', async () => {
    const folder = path.join(root, 'test/fixtures/bad-experiments');
    const expected = readdirSync(folder).flatMap((name) =>
      name.endsWith('.expected.json')
        ? (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as object[]).map((one) => ({
            ...one,
            file: path.join(folder, name.replace('.expected.json', '.gan.json')),
          }))
        : [],
    );
    const found = (lines(await cli(['lint', folder, '--json'])) as Record<string, unknown>[])
      // A problem that only a look at the disk finds.
      .filter(({ code }) => code !== 'features-not-found');
    const place = ({ file, line, column, code, message }: Record<string, unknown>) => ({
      file,
      line,
      column,
      code,
      message,
    });
    expect(found.map(place)).toEqual(expected.map(place));
    expect(found.length).toBeGreaterThan(60);
    const none = await cli(['lint', path.join(root, 'docs')]);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('No experiment files in ');
  });

  it('applies quick fixes with --fix and keeps comments', async () => {
    const folder = scratch();
    const file = path.join(folder, 'bad.gan.json');
    writeFileSync(
      file,
      '{\n  // ring\n  "data": { "source": "gaussians-ring" },\n  "critic_steps": 1, // n\n  "steps": "x"\n}\n',
    );
    const ended = await cli(['lint', 'bad.gan.json', '--fix'], folder);
    expect(ended.code).toBe(2);
    expect(ended.stdout).toMatch(/^bad\.gan\.json:5:12: error: steps must be [^\n]*\n$/);
    expect(ended.stderr).toBe('bad.gan.json: Change to "criticSteps"\n1 file: 1 error, no warnings\n');
    const fixed =
      '{\n  // ring\n  "data": { "source": "gaussians-ring" },\n  "criticSteps": 1, // n\n  "steps": "x"\n}\n';
    expect(readFileSync(file, 'utf8')).toBe(fixed);
    expect(readdirSync(folder)).toEqual(['bad.gan.json']);
  });

  it('loads no tensor library and no native package', () => {
    const meta = JSON.parse(readFileSync(path.join(root, 'dist/meta/cli.json'), 'utf8')) as {
      inputs: object;
      outputs: Record<string, { imports: { path: string; kind: string }[] }>;
    };
    const packages = Object.keys(meta.inputs).flatMap(
      (file) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
    );
    expect([...new Set(packages)].sort()).toEqual(['jsonc-parser', 'zod']);
    const imports = meta.outputs['dist/cli.cjs'].imports.filter((entry) => !/^(node:)?[a-z_/]+$/.test(entry.path));
    const loaded = imports.map(({ path: file }) => file);
    expect(new Set(loaded)).toEqual(new Set(['./trainer.cjs', './preview.cjs', './download.cjs', './reproduce.cjs']));
    // Each is loaded when its command is called, not at the start.
    const code = readFileSync(path.join(root, 'dist/cli.cjs'), 'utf8');
    const lazy = code.match(/\.then\(\(\) => __toESM\(require\("\.\/(trainer|preview|download|reproduce)\.cjs"\)\)\)/g);
    expect(lazy).toHaveLength(loaded.length);
  });
});

it('doctor prints one line per check', async () => {
  const ended = await cli(['doctor', '--json']);
  expect(ended.code).toBe(0);
  const found = lines(ended).map(({ check, level }) => [check, level]);
  expect(Object.fromEntries(found)).toMatchObject({ 'Node.js': 'ok', 'ONNX Runtime': 'ok', sharp: 'ok', Build: 'ok' });
  expect(lines(ended).filter(({ level, text }) => level === 'ok' && /none|not |fail/i.test(String(text)))).toEqual([]);
  expect((await cli(['doctor'])).stdout).toMatch(/^ok {4}ONNX Runtime {2}[\d.]+ works/m);
});

describe('train --json', () => {
  it('writes one JSON object per line: the start, every step, the end', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    const ended = await cli(['train', experiment(folder), '--out', run, '--json']);
    expect(ended.code).toBe(0);
    const events = lines(ended);
    expect(events[0]).toMatchObject({ event: 'start', run, name: 'tiny', steps: 30, from: 0, seed: 5 });
    const steps = events.filter(({ event }) => event === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, k) => k + 1));
    for (const step of steps) expect(step.estimate).toEqual(expect.any(Number));
    expect(events.at(-1)).toMatchObject({ event: 'end', reason: 'finished', run, step: 30 });
    const metrics = events.at(-1)?.metrics as Record<string, number>;
    for (const name of ['modes', 'highQuality', 'w1', 'w1Floor']) expect(metrics[name]).toBeGreaterThanOrEqual(0);
    expect(status(run)).toMatchObject({ state: 'finished', step: 30 });
  });

  it('writes the options into the run', async () => {
    const folder = scratch();
    const args = ['--steps', '3', '--seed', '11', '--device', 'cpu', '--set', 'critic.width=24', '--set', 'name=other'];
    const ended = await cli(['train', experiment(folder), '--json', ...args], folder);
    expect(ended.code).toBe(0);
    const { run } = lines(ended)[0] as { run?: string };
    expect(path.dirname(run ?? '')).toBe(path.join(folder, '.earthmover', 'runs'));
    expect(path.basename(run ?? '')).toMatch(/^\d{8}-\d{6}-other$/);
    const written = JSON.parse(readFileSync(path.join(run ?? '', 'experiment.json'), 'utf8')) as object;
    expect(written).toMatchObject({ experiment: { steps: 3, seed: 11, device: 'cpu', critic: { width: 24 } } });
  });

  it('prints all problems as JSON objects, and starts nothing', async () => {
    const folder = scratch();
    const file = experiment(folder, { batchSize: 0 });
    const run = path.join(folder, 'run');
    const ended = await cli(['train', file, '--out', run, '--json', '--set', 'critic.width=big', '--seed', 'x']);
    expect(ended.code).toBe(2);
    const problems = lines(ended).slice(0, -1);
    expect(lines(ended).at(-1)).toMatchObject({ event: 'error', message: problems[0].message });
    expect(problems).toHaveLength(3);
    for (const problem of problems) expect(problem).toMatchObject({ event: 'problem', severity: 'error' });
    expect(ended.stderr).toMatch(/^--set critic\.width=big: error: critic\.width must be .* got "big"/m);
    expect(ended.stderr).toMatch(/^--seed x: error: seed must be .* got "x"/m);
    expect(ended.stderr).toMatch(/tiny\.gan\.json:\d+:\d+: error: batchSize must be .* got 0 /);
    expect(() => status(run)).toThrow(/ENOENT/);
  });

  it('ends with the reason diverged and exit code 3 if a value is not finite', async () => {
    const folder = scratch();
    // 24 layers whose weights change by ten in one step: their product exceeds float32.
    const optimizer = { kind: 'adam', learningRate: 10, beta1: 0, beta2: 0.9 };
    const critic = { network: 'mlp', depth: 24, width: 64, activation: 'leaky-relu' };
    const file = experiment(folder, { optimizer, critic });
    const ended = await cli(['train', file, '--out', path.join(folder, 'run'), '--json']);
    const events = lines(ended);
    expect(events.at(-1)).toMatchObject({ event: 'end', reason: 'diverged' });
    const last = events.findLast(({ event }) => event === 'step');
    expect(Object.values(last ?? {}).some((value) => ['NaN', 'Infinity', '-Infinity'].includes(String(value)))).toBe(
      true,
    );
    expect(ended.code).toBe(3);
  });
});

describe('--out', () => {
  it('sets the run directory, which contains neither other files nor a run', async () => {
    const folder = scratch();
    const run = path.join(folder, 'run');
    mkdirSync(run);
    writeFileSync(path.join(run, 'notes.txt'), 'mine');
    const args = ['train', experiment(folder), '--steps', '2', '--out', run];
    const used = await cli(args);
    expect(used).toMatchObject({ code: 2, stderr: expect.stringContaining('it contains notes.txt, and') as string });
    expect(readdirSync(run)).toEqual(['notes.txt']);
    rmSync(path.join(run, 'notes.txt'));
    expect((await cli(args)).code).toBe(0);
    const before = readFileSync(path.join(run, 'metrics.bin'));
    const refused = await cli(args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('status.json');
    expect(refused.stderr).toContain('earthmover resume');
    expect(readFileSync(path.join(run, 'metrics.bin'))).toEqual(before);
  });
});

it('npm start trains a file and returns its exit code', async () => {
  const folder = scratch();
  const script = path.join(root, 'scripts', 'start.mjs');
  const file = path.basename(experiment(folder));
  const ended = await start([file, '--steps', '2', '--json'], { cwd: folder, script }).ended;
  expect(ended.code).toBe(0);
  expect(lines(ended).at(-1)).toMatchObject({ event: 'end', reason: 'finished', step: 2 });
  expect((await start(['none.gan.json'], { cwd: folder, script }).ended).code).toBe(2);
});
