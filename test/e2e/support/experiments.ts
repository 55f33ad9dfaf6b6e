// Experiment files and models for the tests: small, or so long that only a stop ends them.

/** With comments, as people write them. Trains for hours, at about a hundred steps per second. */
export const lasting = `// Eight Gaussians on a ring, for as long as somebody looks.
{
  "name": "ring",
  "preset": "wgan-gp",
  "data": { "source": "gaussians-ring" },
  "latent": { "size": 2 },
  "generator": { "network": "mlp", "depth": 2, "width": 64 },
  "critic": { "network": "mlp", "depth": 2, "width": 64 },
  "batchSize": 128,
  "steps": 1000000,
  "samples": { "every": 50 },
  "checkpoints": { "every": 100, "keep": 2 },
}
`;

/** A second of training. */
export const brief = {
  name: 'brief',
  data: { source: 'gaussians-ring' },
  generator: { network: 'mlp', depth: 1, width: 16 },
  critic: { network: 'mlp', depth: 1, width: 16 },
  batchSize: 32,
  steps: 40,
  samples: { every: 20 },
};

/** A model file with a critic of two-dimensional points. */
export const models = `import * as tf from '@tensorflow/tfjs';

export const judge = tf.sequential({
  layers: [
    tf.layers.dense({ units: 32, activation: 'relu', inputShape: [2] }),
    tf.layers.dense({ units: 1 }),
  ],
});
`;
