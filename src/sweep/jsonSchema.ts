// The JSON Schema of sweep files, for completion and hovers in editors: the schema that validates, with the settings of
// experiments by their paths.
import * as z from 'zod';
import { experimentJsonSchema } from '../experiment/jsonSchema';
import { isRecord } from '../shared/isRecord';
import { ownSettings, sweepSchema } from './schema';

type Json = Readonly<Record<string, unknown>>;

/** A draft-07 schema. It accepts the same files as the parser, whose checks of trials it cannot make. */
export function sweepJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(sweepSchema, { target: 'draft-7', io: 'input' }) as Json;
  const { properties, ...rest } = schema as { properties: Readonly<Record<string, Json>> };
  const { sample } = properties as { sample: { properties: Readonly<Record<string, Json>> } };
  const cases = properties.cases as { additionalProperties: Json };
  const skip = properties.skip as { items: Json };
  const settings = settingSchemas();
  const definitions = { settings, rule: sample.properties.of.additionalProperties };
  /** An object whose keys are paths of settings; `of` gives the schema of their values, with their hovers. */
  const withPaths = (object: Json, of: (setting: Json) => Json): Json => ({
    ...object,
    properties: Object.fromEntries(
      Object.entries(settings).map(([path, { description, markdownDescription }]) => [
        path,
        { description, markdownDescription, ...of({ $ref: `#/definitions/settings/${path}` }) },
      ]),
    ),
  });
  const value = (setting: Json): Json => ({ allOf: [setting] });
  const listOf = (setting: Json): Json => ({ type: 'array', items: setting });
  const rule = (): Json => ({ allOf: [{ $ref: '#/definitions/rule' }] });
  return {
    ...rest,
    title: 'Earthmover sweep',
    description: 'Many variations of an experiment: cases, a grid, random samples, seeds.',
    allowComments: true,
    allowTrailingCommas: true,
    defaultSnippets: [
      {
        label: 'Seeds of an experiment',
        description: 'One experiment, several seeds.',
        body: { experiment: '${1:./wgan.gan.json}', seeds: '^${2:5}' },
      },
      {
        label: 'A grid',
        description: 'All combinations of the values of some settings.',
        body: {
          experiment: '${1:./wgan.gan.json}',
          over: { 'critic.width': [64, 128], 'optimizer.learningRate': [1e-4, 5e-4] },
          seeds: '^${2:3}',
          result: { metric: '${3:w1}' },
        },
      },
    ],
    properties: {
      ...properties,
      set: withPaths(properties.set, value),
      cases: { ...cases, additionalProperties: withPaths(cases.additionalProperties, value) },
      over: withPaths(properties.over, listOf),
      sample: { ...sample, properties: { ...sample.properties, of: withPaths(sample.properties.of, rule) } },
      skip: { ...skip, items: withPaths(skip.items, () => ({})) },
    },
    definitions,
  };
}

/** The same for an editor that shows the problems of the parser, see `hintsJsonSchema` of experiments. */
export function sweepHintsJsonSchema(): Record<string, unknown> {
  const { $schema, title, description, allowComments, allowTrailingCommas, defaultSnippets, definitions, ...schema } =
    sweepJsonSchema();
  const annotations = { $schema, title, description, allowComments, allowTrailingCommas, defaultSnippets };
  return { ...annotations, definitions, if: schema, then: true };
}

/** The schema of each setting of an experiment by its path, `critic.width`; of several alternatives, any of them. */
function settingSchemas(): Record<string, Json> {
  const found = new Map<string, Json[]>();
  const collect = (schema: unknown, path: readonly string[]): void => {
    if (!isRecord(schema)) return;
    const { properties = {}, anyOf = [], oneOf = [] } = schema as Record<string, object>;
    for (const [key, value] of Object.entries(properties)) {
      const inner = [...path, key];
      const name = inner.join('.');
      if (key.startsWith('$') || (path.length === 0 && Object.hasOwn(ownSettings, key))) continue;
      found.set(name, [...(found.get(name) ?? []), value as Json]);
      collect(value, inner);
    }
    for (const part of [...Object.values(anyOf), ...Object.values(oneOf)]) collect(part, path);
  };
  collect(experimentJsonSchema(), []);
  return Object.fromEntries([...found].map(([path, schemas]) => [path, alternatives(schemas)]));
}

/** One of several schemas, which often are equal; the first hover stands for all. */
function alternatives(schemas: readonly Json[]): Json {
  const texts = schemas.map((schema) => JSON.stringify(schema));
  const different = schemas.filter((_, k) => texts.indexOf(texts[k]) === k);
  if (different.length === 1) return different[0];
  const { description, markdownDescription } = different[0];
  return { description, markdownDescription, anyOf: different };
}
