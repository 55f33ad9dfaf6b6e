// The JSON Schema of experiment files, for editors: completion, hover and first checks while typing.
import * as z from 'zod';
import { experimentSchema } from './schema';

/** A draft-07 schema with descriptions, defaults and Markdown hovers. Shorthands and lists are as the parser takes them. */
export function experimentJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(experimentSchema, { target: 'draft-7', io: 'input' });
  return {
    ...schema,
    title: 'Earthmover experiment',
    description: 'One training of a GAN: data, networks, objective, and how long.',
    allowComments: true,
    allowTrailingCommas: true,
    defaultSnippets: [
      {
        label: 'WGAN-GP on a ring of Gaussians',
        description: 'A toy that trains in a minute.',
        body: { preset: 'wgan-gp', data: { source: 'gaussians-ring' }, steps: '^${1:2000}' },
      },
      {
        label: 'WGAN-GP on a folder of images',
        description: 'Images of your own.',
        body: { preset: 'wgan-gp', data: { source: 'images', path: '${1:./photos}' }, steps: '^${2:20000}' },
      },
    ],
  };
}

/**
 * The same for an editor that has problems told by the parser: completion and hover, and no word on what is wrong, which
 * would be said twice. What an `if` holds is looked at and never judged.
 */
export function hintsJsonSchema(): Record<string, unknown> {
  const { $schema, title, description, allowComments, allowTrailingCommas, defaultSnippets, ...schema } =
    experimentJsonSchema();
  return { $schema, title, description, allowComments, allowTrailingCommas, defaultSnippets, if: schema, then: true };
}
