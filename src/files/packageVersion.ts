// The version of this package.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version in package.json, which is in the parent folder of the built files. */
export function packageVersion(): string {
  const file = path.join(__dirname, '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
