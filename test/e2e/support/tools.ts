// The tools that `npm test` found or installed for these tests, or why it could not.

interface Tools {
  readonly chromium: { readonly path: string; readonly flags: readonly string[] };
  readonly workbench: { readonly node: string; readonly server: string };
  /** The packaged extension. */
  readonly vsix: string;
}

const given = process.env.EARTHMOVER_E2E;
const found: Tools | { readonly missing: string } = given
  ? (JSON.parse(given) as Tools | { missing: string })
  : { missing: 'run them with `npm test -- e2e`, which provides VS Code and a browser' };

/** Why these tests cannot run here; empty if they can. */
export const missing = 'missing' in found ? found.missing : '';

export function tools(): Tools {
  if ('missing' in found) throw new Error(found.missing);
  return found;
}
