// The JSON Schema of experiment files, for completion, hovers and checks in editors.
import * as z from 'zod';
import { experimentSchema } from './schema';

/** A draft-07 schema with descriptions, defaults and Markdown hovers. It accepts the same files as the parser. */
export function experimentJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(experimentSchema, { target: 'draft-7', io: 'input' });
  return {
    ...schema,
    title: 'Earthmover experiment',
    description: 'A GAN training: data, networks, objective, number of steps.',
    allowComments: true,
    allowTrailingCommas: true,
    defaultSnippets: [
      {
        label: 'WGAN-GP on a ring of Gaussians',
        description: 'Toy data: eight Gaussians.',
        body: { preset: 'wgan-gp', data: { source: 'gaussians-ring' }, steps: '^${1:2000}' },
      },
      {
        label: 'WGAN-GP on a folder of images',
        description: 'Your own images.',
        body: { preset: 'wgan-gp', data: { source: 'images', path: '${1:./photos}' }, steps: '^${2:20000}' },
      },
    ],
  };
}

/**
 * The same schema for an editor that shows the problems of the parser: completion and hovers without validation, which
 * would report each problem twice. Editors use the content of an `if` for hints but do not validate it.
 */
export function hintsJsonSchema(): Record<string, unknown> {
  const { $schema, title, description, allowComments, allowTrailingCommas, defaultSnippets, ...schema } =
    experimentJsonSchema();
  return { $schema, title, description, allowComments, allowTrailingCommas, defaultSnippets, if: schema, then: true };
}
