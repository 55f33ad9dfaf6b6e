// The JSON Schema and the parser accept the same files, checked by a small validator for the keywords that are used.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { divergences } from '../catalog';
import { experimentJsonSchema, parseExperiment } from './index';
import { hintsJsonSchema } from './jsonSchema';
import { pick, random, randomFile } from '../../test/support/randomExperiment';

type Schema = Readonly<Record<string, unknown>>;
const schema = experimentJsonSchema();

type Check = (value: never, argument: never, schema: Schema) => boolean;
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const types: Record<string, (value: unknown) => boolean> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};
const ofType =
  (type: string, check: Check): Check =>
  (value, argument, owner) =>
    !types[type](value) || check(value, argument, owner);

/** Draft-07, each keyword in one line; a keyword that is not here fails the test. */
const keywords: Record<string, Check> = {
  type: (value: unknown, type: string) => types[type](value),
  const: (value: unknown, other: unknown) => value === other,
  enum: (value: unknown, values: unknown[]) => values.includes(value),
  anyOf: (value: unknown, options: Schema[]) => options.some((option) => valid(value, option)),
  oneOf: (value: unknown, options: Schema[]) => options.filter((option) => valid(value, option)).length === 1,
  minimum: ofType('number', (value: number, bound: number) => value >= bound),
  maximum: ofType('number', (value: number, bound: number) => value <= bound),
  exclusiveMinimum: ofType('number', (value: number, bound: number) => value > bound),
  exclusiveMaximum: ofType('number', (value: number, bound: number) => value < bound),
  minLength: ofType('string', (value: string, bound: number) => [...value].length >= bound),
  maxLength: ofType('string', (value: string, bound: number) => [...value].length <= bound),
  pattern: ofType('string', (value: string, pattern: string) => new RegExp(pattern, 'u').test(value)),
  minItems: ofType('array', (value: unknown[], bound: number) => value.length >= bound),
  maxItems: ofType('array', (value: unknown[], bound: number) => value.length <= bound),
  uniqueItems: ofType(
    'array',
    (value: unknown[]) => new Set(value.map((item) => JSON.stringify(item))).size === value.length,
  ),
  items: ofType('array', (value: unknown[], items: Schema | Schema[]) =>
    value.every((item, i) => valid(item, Array.isArray(items) ? (items[i] ?? {}) : items)),
  ),
  additionalItems: ofType(
    'array',
    (value: unknown[], _: false, { items }) => value.length <= (items as Schema[]).length,
  ),
  required: ofType('object', (value: object, keys: string[]) => keys.every((key) => Object.hasOwn(value, key))),
  properties: ofType('object', (value: object, properties: Record<string, Schema>) =>
    Object.entries(properties).every(([key, of]) => !Object.hasOwn(value, key) || valid((value as Schema)[key], of)),
  ),
  additionalProperties: ofType('object', (value: object, _: false, { properties }) =>
    Object.keys(value).every((key) => Object.hasOwn(properties as object, key)),
  ),
};
const annotations = [
  '$schema',
  'title',
  'description',
  'markdownDescription',
  'markdownEnumDescriptions',
  'default',
  'examples',
  'allowComments',
  'allowTrailingCommas',
  'defaultSnippets',
];

function valid(value: unknown, of: Schema): boolean {
  return Object.entries(of).every(([keyword, argument]) => {
    if (annotations.includes(keyword)) return true;
    if (!Object.hasOwn(keywords, keyword)) throw new Error(`unknown keyword ${keyword}`);
    return keywords[keyword](value as never, argument as never, of);
  });
}

describe('the parser and the JSON Schema agree', () => {
  const folder = new URL('../../test/fixtures/bad-experiments/', import.meta.url);
  const names = readdirSync(folder).filter((file) => file.endsWith('.gan.json'));

  test.each(names)('on %s', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { problems } = parseExperiment(text, name);
    const written = problems.some(({ code }) =>
      ['json-syntax', 'duplicate-key', 'too-deep', 'encoding'].includes(code),
    );
    if (written) return;
    expect(valid(JSON.parse(text.replace(/^\/\/.*$/gm, '').replace(/,(\s*[}\]])/g, '$1')), schema)).toBe(
      problems.length === 0,
    );
  });

  test('on 300 random files, and on each with one thing changed', () => {
    const next = random(11);
    const odd = [null, -1, 0.5, 1e9, '', 'wgan', 'auto', [], {}, true, { kind: 'clip' }, [8, 8]];
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const file = randomFile(next);
      expect(valid(file, schema)).toBe(true);
      const key = pick(next, [...Object.keys(file), 'extra']);
      const inner = file[key];
      const part = isObject(inner) ? pick(next, [...Object.keys(inner as object), 'extra']) : undefined;
      const value =
        part === undefined || next() < 0.3 ? pick(next, odd) : { ...(inner as object), [part]: pick(next, odd) };
      const changed = { ...file, [key]: value };
      const takes = parseExperiment(JSON.stringify(changed), 'a').problems.length === 0;
      expect([valid(changed, schema), changed]).toEqual([takes, changed]);
      refused += takes ? 0 : 1;
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe('the JSON Schema', () => {
  const at = (path: string) => path.split('.').reduce<unknown>((node, key) => (node as Schema)[key], schema);

  test('is draft-07 and describes every key', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['data'],
    });
    for (const [key, of] of Object.entries(schema.properties as Record<string, Schema>)) {
      const described = of.description ?? (of.anyOf as Schema[] | undefined)?.[0] ?? (of.oneOf as Schema[])[0];
      expect([key, described]).not.toEqual([key, undefined]);
    }
  });

  test('has defaults by role', () => {
    const normalization = (role: string) => {
      const families = at(`properties.${role}.anyOf.0.oneOf`) as { properties: Record<string, Schema> }[];
      return families.find(({ properties }) => properties.network.const === 'dcgan')?.properties.normalization.default;
    };
    expect([normalization('generator'), normalization('critic')]).toEqual(['batch', 'none']);
    expect(at('properties.batchSize.default')).toBe(64);
  });

  test('shows the formula and source of a choice', () => {
    const clip = (at('properties.constraint.anyOf.1.anyOf.1.oneOf') as { properties: Record<string, Schema> }[])[0];
    expect(clip.properties.kind.markdownDescription).toContain('w ← clip(w, −c, c)');
    // An editor shows it as "clip: …".
    expect(clip.properties.kind.markdownDescription).not.toMatch(/^\*\*.*\*\*:/);
    expect(clip.properties.kind.markdownDescription).toContain('Arjovsky');
  });

  test('lists every divergence of an f-GAN with its description', () => {
    const kinds = at('properties.objective.anyOf.1.oneOf') as { properties: Record<string, Schema> }[];
    const { divergence } = kinds.find(({ properties }) => properties.kind.const === 'f-gan')!.properties;
    expect(divergence).toMatchObject({ default: 'kl', enum: Object.keys(divergences) });
    const lines = divergence.markdownEnumDescriptions as string[];
    expect(lines[0]).toMatch(/^Kullback-Leibler, f\(u\) = u log u at u = p_r\/p_g\. Unless "nonSaturating" is true, /);
    expect(lines[1]).toBe('reverse Kullback-Leibler, f(u) = −log u at u = p_r/p_g');
    expect(divergence.markdownEnumDescriptions).toHaveLength(Object.keys(divergences).length);
  });

  test('allows the three forms of criticSteps', () => {
    const forms = at('properties.criticSteps.anyOf') as Schema[];
    expect(forms.map(({ type, const: word }) => word ?? type)).toEqual(['integer', 'authors', 'object']);
    expect(at('properties.criticSteps.default')).toBe(5);
  });

  test('has snippets that are valid experiments', () => {
    for (const { body } of schema.defaultSnippets as { body: object }[]) {
      const text = JSON.stringify(body)
        .replace(/"\^\$\{\d:(\d+)\}"/g, '$1')
        .replace(/\$\{\d:([^}]+)\}/g, '$1');
      expect(parseExperiment(text, 'a').problems).toEqual([]);
    }
  });

  test('shows hints without validating, for editors that show the problems of the parser', () => {
    const { properties, required } = schema;
    const { if: hints, then, ...top } = hintsJsonSchema();
    expect(hints).toMatchObject({ properties, required });
    expect(then).toBe(true);
    expect(Object.keys(top).filter((key) => !annotations.includes(key))).toEqual([]);
    expect(top.defaultSnippets).toEqual(schema.defaultSnippets);
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});
