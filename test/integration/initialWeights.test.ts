// Runs that start with networks of other runs.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli, experiment, scratch } from './cliProcess';

const weights = (run: string, step: number, network = 'generator') =>
  readFileSync(path.join(run, `checkpoints/step-${step}`, network, 'weights.bin'));
const frozen = { kind: 'sgd', learningRate: 0 };
const adam = { kind: 'adam', learningRate: 0.0005, beta1: 0, beta2: 0.9 };

it('a new critic is trained for the generator of another run, which a learning rate of 0 keeps as it is', async () => {
  const folder = scratch();
  const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
  expect((await cli(['train', experiment(folder, { stabilization: { ema: 0.5 } }), '--out', first])).stderr).toBe('');
  const changes = {
    initialWeights: { generator: './first/checkpoints/step-20' },
    optimizer: { generator: frozen, critic: adam },
    seed: 9,
    steps: 20,
  };
  const file = experiment(folder, changes, 'second.gan.json');
  expect((await cli(['train', file, '--out', second])).stderr).toBe('');
  // The first run exports its average, the second has none: compare the training states.
  const at = (run: string) => readFileSync(path.join(run, 'checkpoints/step-20/state.safetensors'));
  expect(tensorsOf(at(second), 'generator/')).toEqual(tensorsOf(at(first), 'generator/'));
  expect(tensorsOf(at(second), 'critic/')).not.toEqual(tensorsOf(at(first), 'critic/'));
  expect(weights(second, 10).equals(weights(second, 20))).toBe(true);
});

it('a run that does not fit, or is not there, is refused at its setting', async () => {
  const folder = scratch();
  const first = path.join(folder, 'first');
  expect((await cli(['train', experiment(folder, { steps: 10 }), '--out', first])).code).toBe(0);
  const refused = async (changes: object) => {
    const file = experiment(folder, { steps: 10, ...changes }, 'refused.gan.json');
    const { code, stderr } = await cli(['train', file, '--out', path.join(folder, 'refused')]);
    expect(code).toBe(2);
    return stderr;
  };
  const other = { generator: { network: 'mlp', depth: 1, width: 8 }, initialWeights: { generator: './first' } };
  expect(await refused(other)).toMatch(
    /refused\.gan\.json:\d+:\d+: error: The generator in .*step-10 has another architecture: .* has shape \[2, 16\], and this experiment needs \[2, 8\]\./,
  );
  expect(await refused({ initialWeights: { critic: './nothing' } })).toContain('"./nothing" has no checkpoint');
  expect(await refused({ initialWeights: { critic: './first/checkpoints/step-7' } })).toContain('has no checkpoint');
});

/** The tensors of a safetensors file whose names start with `prefix`, moments of optimizers left out. */
function tensorsOf(bytes: Buffer, prefix: string): Record<string, string> {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const isWeight = (name: string) => name.startsWith(prefix) && /\.(kernel|bias)$/.test(name);
  return Object.fromEntries(
    Object.entries(header)
      .filter(([name]) => isWeight(name))
      .map(
        ([
          name,
          {
            data_offsets: [from, to],
          },
        ]) => [name, bytes.subarray(8 + length + from, 8 + length + to).toString('hex')],
      ),
  );
}
