import { expect, it } from 'vitest';
import { sharedByNetworks } from './flatSettings';

it('merges settings of both networks only if their values are equal', () => {
  const values: Readonly<Record<string, string>> = {
    'optimizer.generator.learningRate': '0.1 0.2',
    'optimizer.critic.learningRate': '0.1 0.2',
    'optimizer.generator.beta1': '0 0.5',
    'optimizer.critic.beta1': '0 0.9',
    'generator.depth': '3 4',
    'critic.depth': '3 4',
    batchSize: '32 64',
  };
  expect(sharedByNetworks(Object.keys(values), (key) => values[key]).map(({ name }) => name)).toEqual([
    'optimizer.learningRate',
    'optimizer.generator.beta1',
    'optimizer.critic.beta1',
    'depth',
    'batchSize',
  ]);
});
