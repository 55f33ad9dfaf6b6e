// The JSON Schema of sweep files names all keys and the settings of experiments, and its references exist.
import { expect, test } from 'vitest';
import { isRecord } from '../shared/isRecord';
import { sweepHintsJsonSchema, sweepJsonSchema } from './jsonSchema';
import { sweepSchema } from './schema';

interface Json {
  readonly [key: string]: Json;
}
const schema = sweepJsonSchema() as unknown as Json;

test('has every key, and under "set", "over", "cases" and "sample" the paths of settings', () => {
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(sweepSchema.shape).sort());
  const { set, over, cases, sample } = schema.properties;
  for (const object of [set, over, cases.additionalProperties, sample.properties.of]) {
    expect(Object.keys(object.properties)).toEqual(
      expect.arrayContaining(['critic.width', 'constraint.lambda', 'steps']),
    );
    // The sweep sets these itself.
    for (const path of ['seed', 'seeds', 'name']) expect(object.properties).not.toHaveProperty(path);
  }
  expect(over.properties['critic.width']).toMatchObject({ type: 'array', items: {} });
  expect(set.properties['critic.width'].description).toContain('Units');
});

test('has a definition for each reference, and the editor gets the same schema without validation', () => {
  const references: string[] = [];
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(collect);
    if (!isRecord(value)) return;
    if (typeof value.$ref === 'string') references.push(value.$ref);
    Object.values(value).forEach(collect);
  };
  collect(schema);
  const at = (reference: string): unknown =>
    reference
      .split('/')
      .slice(1)
      .reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), schema);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
  const hints = sweepHintsJsonSchema() as unknown as Json;
  expect(hints.definitions).toEqual(schema.definitions);
  expect(hints.if.properties).toEqual(schema.properties);
  expect(hints.properties).toBeUndefined();
});
