// The licenses of third-party code in the packaged extension, which their terms require to be included.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './project.mjs';

/**
 * The text of ThirdPartyNotices.txt: name, version, license and license text of each package that was bundled
 * (according to esbuild's metafiles) or is shipped unbundled.
 * @param {{ name: string, folder: string }[]} unbundled
 */
export function thirdPartyNotices(unbundled) {
  const packages = new Map([...bundled(), ...unbundled].map(({ name, folder }) => [name, folder]));
  const entries = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, folder]) => entry(name, folder));
  const head = 'Earthmover contains code from the packages below, each under its own license.';
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
  return [`${name} ${version} (${license ?? 'license below'})`, url, text].filter(Boolean).join('\n\n');
}
