// A data set's name where a data source belongs: the message and its fix say how it is read.
import { expect, test } from 'vitest';
import { parseExperiment } from './parse';

test.each([
  ['mnist', { source: 'idx', path: 'mnist' }],
  ['MNIST', { source: 'idx', path: 'mnist' }],
  ['cifar10', { source: 'cifar', path: 'cifar-10' }],
  ['FashionMNIST', { source: 'idx', path: 'fashion-mnist' }],
  ['celeba', { source: 'images', path: './celeba' }],
  ['CelebA-HQ', { source: 'images', path: './celebahq' }],
  ['lsun', { source: 'lmdb', path: './lsun' }],
])('%s', (name, expected) => {
  const { problems } = parseExperiment(JSON.stringify({ data: { source: name } }), 'x.gan.json');
  const [problem] = problems;
  expect(problem.message).toContain(
    `got "${name}", which is a data set. Use "data": {"source": "${expected.source}", "path": "${expected.path}"}`,
  );
  expect(problem.fixes?.[0].title).toContain(`"path": "${expected.path}"`);
});

test('an unknown word still gets the nearest data source', () => {
  const { problems } = parseExperiment(JSON.stringify({ data: { source: 'image' } }), 'x.gan.json');
  expect(problems[0].message).toContain('Did you mean "images"?');
});
