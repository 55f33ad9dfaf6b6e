// What the monitor's page sends, believed only when it is what the protocol says.
import { commandKinds } from '../../protocol/control';
import type { FromPage } from '../../protocol/monitor';

/** The message, or undefined where it is none. */
export function checkFromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as { readonly type?: unknown; readonly command?: unknown; readonly step?: unknown };
  const { type } = message;
  return typeof type === 'string' && Object.hasOwn(checks, type)
    ? checks[type as FromPage['type']](message)
    : undefined;
}

type Fields = { readonly command?: unknown; readonly step?: unknown };

const checks: { readonly [T in FromPage['type']]: (message: Fields) => Extract<FromPage, { type: T }> | undefined } = {
  ready: () => ({ type: 'ready' }),
  control({ command }) {
    const known = commandKinds.find((kind) => kind === command);
    return known && { type: 'control', command: known };
  },
  goOn: () => ({ type: 'goOn' }),
  openSample: ({ step }) =>
    Number.isSafeInteger(step) && (step as number) >= 0 ? { type: 'openSample', step: step as number } : undefined,
  openLog: () => ({ type: 'openLog' }),
  openExperiment: () => ({ type: 'openExperiment' }),
  reveal: () => ({ type: 'reveal' }),
};
