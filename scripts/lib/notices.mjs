// The licences of everything that the packaged extension contains but that is not ours, as their terms ask for.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './project.mjs';

/**
 * The text of ThirdPartyNotices.txt: name, version, licence and its text, for each package that a bundle took code from
 * (by esbuild's metafiles) or that lies beside the bundles.
 * @param {{ name: string, folder: string }[]} beside
 */
export function thirdPartyNotices(beside) {
  const packages = new Map([...bundled(), ...beside].map(({ name, folder }) => [name, folder]));
  const entries = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, folder]) => entry(name, folder));
  const head = 'Earthmover contains code of the packages below, each under its own licence.';
  return [head, ...entries].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

function* bundled() {
  const meta = path.join(root, 'dist', 'meta');
  for (const file of readdirSync(meta).filter((name) => name.endsWith('.json'))) {
    const { outputs } = JSON.parse(readFileSync(path.join(meta, file), 'utf8'));
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    for (const input of new Set(inputs)) {
      const [, folder, name] = /^(?:.*\/)?(node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input) ?? [];
      if (name) yield { name, folder: path.join(root, input.slice(0, input.lastIndexOf(folder)), folder) };
    }
  }
}

function entry(name, folder) {
  const { version, license, homepage, repository } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const url = homepage ?? repository?.url ?? repository;
  const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : null;
  return [`${name} ${version} (${license ?? 'licence below'})`, url, text].filter(Boolean).join('\n\n');
}
