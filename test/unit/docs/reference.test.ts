// docs/reference.md is up to date with the catalog and lists every key of experiment files.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { expect, it } from 'vitest';
import { reference } from '../../../scripts/docs/reference';
import * as catalog from '../../../src/catalog';
import { experimentJsonSchema, rules } from '../../../src/experiment';

const file = path.resolve(__dirname, '../../../docs/reference.md');

it('docs/reference.md is up to date (if not, run npm run docs)', async () => {
  const options = await prettier.resolveConfig(file);
  expect(readFileSync(file, 'utf8')).toBe(await prettier.format(reference(), { ...options, filepath: file }));
});

it('docs/reference.md names every key of an experiment file, and every id', () => {
  const text = reference();
  const keys = new Set<string>();
  const collect = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const key of Object.keys((schema as { properties?: object }).properties ?? {})) keys.add(key);
    Object.values(schema).forEach(collect);
  };
  collect(experimentJsonSchema());
  expect(keys.size).toBeGreaterThan(60);
  const unnamed = [...keys].filter((key) => !new RegExp(`[\`"]${key}["\`:]`).test(text));
  expect(unnamed.filter((key) => key !== '$schema' && key !== 'name')).toEqual([]);
  const { objectives, constraints, networks, dataSources, optimizers, metrics, divergences, presets } = catalog;
  const tables = [objectives, constraints, networks, dataSources, optimizers, metrics, divergences, presets, rules];
  for (const id of tables.flatMap((table) => Object.keys(table))) expect(text).toMatch(new RegExp(`[\`"]${id}["\`]`));
});
