// The original GAN with the −log D trick (Goodfellow et al. 2014, section 3): the discriminator of the minimax game, and a
// generator whose gradient does not vanish where the discriminator wins.
import { minimax, minusLogS } from './minimax';
import { E, type ObjectiveMaths } from './objective';

export const nonSaturating: ObjectiveMaths = {
  ...minimax,
  generatorLoss: (fake) => E(minusLogS(fake)), // −E log s(D(x̃))
};
