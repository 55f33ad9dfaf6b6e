// Suggestions: the word that was probably meant.
import { expect, test } from 'vitest';
import { nearest } from './suggestions';

test.each([
  ['widht', ['depth', 'width'], 'width'],
  ['batch_size', ['batchSize', 'steps'], 'batchSize'],
  ['BATCHSIZE', ['batchSize', 'steps'], 'batchSize'],
  ['optimiser', ['optimizer', 'objective'], 'optimizer'],
  ['n_critic', ['critic', 'criticSteps'], 'criticSteps'],
  ['lr', ['rho', 'learningRate'], 'learningRate'],
  ['wgangp', ['wgan', 'wgan-gp'], 'wgan-gp'],
  ['laerningRtae', ['beta1', 'learningRate'], 'learningRate'],
  ['inc', ['c'], undefined],
  ['flavour', ['generator', 'critic'], undefined],
  ['x', ['c', 'rho'], undefined],
  ['', ['c'], undefined],
  ['constructor', ['critic'], undefined],
  ['__proto__', ['preset'], undefined],
])('the suggestion for %s among %s is %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test('suggests the right word for any one-letter typo in words of five or more letters', () => {
  const known = ['gaussians-ring', 'swiss-roll', 'digits', 'images'];
  for (const word of known) {
    for (let i = 0; i < word.length; i++) {
      expect(nearest(word.slice(0, i) + word.slice(i + 1), known)).toBe(word);
      expect(nearest(`${word.slice(0, i)}q${word.slice(i + 1)}`, known)).toBe(word);
      expect(nearest(`${word.slice(0, i)}q${word.slice(i)}`, known)).toBe(word);
    }
  }
});
