// The layer calls in a model's text, with the options that are literals.
import { entriesOf } from './members';
import type { Tokens } from './tokens';

/** A number, a list of numbers or a string; undefined for an option that is computed. */
type LayerOption = number | readonly number[] | string | undefined;

export interface Layer {
  /** Its name in TensorFlow.js: 'dense', 'conv2d'. */
  readonly name: string;
  readonly options: Readonly<Record<string, LayerOption>>;
}

/** The calls of `layers.<name>(...)` and `input(...)` among the tokens from `from` to `to`, in order. */
export function layersIn(tokens: Tokens, from: number, to: number): Layer[] {
  const layers: Layer[] = [];
  for (let i = from; i < to; i++) {
    const name = tokens.matches(i, 'layers', '.') && tokens.isWord(i + 2) ? i + 2 : i;
    if (name === i && tokens.code(i) !== 'input') continue;
    const open = name + 1;
    if (tokens.code(open) === '(') layers.push({ name: tokens.code(name), options: optionsIn(tokens, open) });
  }
  return layers;
}

/** The options of the call whose arguments open at `open`: `({ units: 128, inputShape: [28, 28, 1] })`. */
function optionsIn(tokens: Tokens, open: number): Layer['options'] {
  const end = tokens.closing(open);
  const options: Record<string, LayerOption> = {};
  for (let i = open + 1; i < end; i = tokens.after(i)) {
    if (tokens.code(i) !== '{') continue;
    for (const { key, from, to, isShorthand } of entriesOf(tokens, i))
      options[key] = isShorthand ? undefined : literal(tokens, from, to);
  }
  return options;
}

function literal(tokens: Tokens, from: number, to: number): LayerOption {
  // `[2, 2] as const`
  const end = tokens.code(tokens.after(from)) === 'as' ? tokens.after(from) : to;
  const { kind, text } = tokens.at(from);
  if (end === from + 1) return kind === 'string' && /^[\w-]+$/.test(text) ? text : numberOf(tokens.code(from));
  if (text !== '[' || tokens.after(from) !== end) return undefined;
  const items: number[] = [];
  for (let i = from + 1; i < end - 1; i += 2) {
    const item = numberOf(tokens.code(i));
    if (item === undefined || ![',', ']'].includes(tokens.code(i + 1))) return undefined;
    items.push(item);
  }
  return items;
}

const numberOf = (text: string): number | undefined =>
  /^\d[\d_]*(\.\d+)?$/.test(text) ? Number(text.replaceAll('_', '')) : undefined;
