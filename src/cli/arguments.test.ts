import { describe, expect, expectTypeOf, it } from 'vitest';
import { parseArguments, wholeNumber } from './arguments';
import { trainOptions } from './commands/options';

const train = { name: 'train', usage: 'earthmover train FILE', options: trainOptions, arguments: [1, 1] } as const;
const parse = (...args: string[]) => parseArguments(train, args);

describe('parseArguments', () => {
  it('accepts --name value and --name=value, anywhere', () => {
    const { values, rest } = parse('--steps', '10', 'a.gan.json', '--seed=-1', '--json');
    expect(rest).toEqual(['a.gan.json']);
    expect(values).toEqual({ steps: '10', seed: '-1', json: true });
    expectTypeOf(values.steps).toEqualTypeOf<string | undefined>();
    expectTypeOf(values.json).toEqualTypeOf<true | undefined>();
    expectTypeOf(values.set).toEqualTypeOf<string[] | undefined>();
  });

  it('collects repeated options in order, including values with = and spaces', () => {
    const { values } = parse('f', '--set', 'a=1', '--set=b={"c": "d=e"}', '--set', 'x=-1');
    expect(values.set).toEqual(['a=1', 'b={"c": "d=e"}', 'x=-1']);
  });

  it('takes everything after -- literally', () => {
    expect(parse('--', '--odd.gan.json').rest).toEqual(['--odd.gan.json']);
  });

  it.each([
    [['f', '--stepz', '1'], /Unknown option --stepz for 'earthmover train'\. Did you mean --steps\?/],
    [['f', '-steps', '1'], /Unknown option -steps for 'earthmover train'\. Did you mean --steps\?/],
    [['f', '--zzzzzzzz'], /Unknown option --zzzzzzzz for 'earthmover train'\. 'earthmover help train'/],
    [['f', '--constructor'], /Unknown option --constructor/],
    [['f', '--steps'], /--steps needs a value: --steps N\./],
    [['f', '--steps='], /--steps needs a value/],
    [['--out', '--json', 'f'], /--out needs a value: --out DIR\./],
    [['f', '--json=yes'], /--json takes no value, got "yes"/],
    [['f', '--seed', '1', '--seed', '2'], /--seed was given more than once/],
    [[], /Missing argument for 'earthmover train'\. Usage: earthmover train FILE/],
    [['f', 'g\x1b[2J'], /Unexpected argument 'g\\x1b\[2J'/],
  ])('rejects %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
    expect(() => parse(...args)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});

it('whole numbers have their bounds in the message', () => {
  const steps = (text: string) => wholeNumber('--steps', text, { least: 1, most: 100_000_000, example: '5000' });
  expect(steps('100000000')).toBe(100_000_000);
  const message = '--steps must be a whole number from 1 to 100,000,000, got "100000001" (for example --steps 5000).';
  expect(() => steps('100000001')).toThrow(message);
  const seed = (text: string) => wholeNumber('--seed', text, { least: 0, example: '1' });
  expect(seed('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => seed('9007199254740992')).toThrow('--seed must be a whole number of at least 0');
});
