// The layer calls in a model's text, with the options that are literals.

/** A number, a list of numbers or a string; undefined for an option that is computed. */
type LayerOption = number | readonly number[] | string | undefined;

export interface Layer {
  /** Its name in TensorFlow.js: 'dense', 'conv2d'. */
  readonly name: string;
  readonly options: Readonly<Record<string, LayerOption>>;
}

/** The calls of `layers.<name>(...)` in the text from `from` to `to`, in order. `code` is the masked text. */
export function layersIn(text: string, code: string, from: number, to: number): Layer[] {
  const calls = code.slice(from, to).matchAll(/(?<![\w$])(?:layers\s*\.\s*([\w$]+)|(input|sequential))\s*\(/g);
  return [...calls].flatMap(({ index, 0: all, 1: name, 2: other }) => {
    const begin = from + index + all.length;
    const end = closing(code, begin);
    if (other === 'sequential') return [];
    return [{ name: name ?? other, options: optionsIn(text.slice(begin, end), code.slice(begin, end)) }];
  });
}

/** The offset at which the bracket that is open at `begin` closes. */
function closing(code: string, begin: number): number {
  for (let i = begin, depth = 1; i < code.length; i++) {
    if ('([{'.includes(code[i])) depth++;
    if (')]}'.includes(code[i]) && --depth === 0) return i;
  }
  return code.length;
}

/** The options of one call, `{ units: 128, inputShape: [28, 28, 1] }`, without those of nested layers. */
function optionsIn(text: string, code: string): Layer['options'] {
  const options: Record<string, LayerOption> = {};
  let depth = 0;
  for (let i = 0; i < code.length; i++) {
    if ('([{'.includes(code[i])) depth++;
    if (')]}'.includes(code[i])) depth--;
    if (depth !== 1 || !/[{,]/.test(code[i])) continue;
    const match = /^[{,]\s*([\w$]+)\s*(:?)/.exec(code.slice(i));
    if (match === null) continue;
    const value = text.slice(i + match[0].length);
    options[match[1]] = match[2] === ':' ? literal(value) : undefined;
  }
  return options;
}

function literal(text: string): LayerOption {
  const word = /^\s*(['"])([\w-]*)\1/.exec(text)?.[2];
  if (word !== undefined) return word;
  const [, list, number] =
    /^\s*(?:\[([\d\s,._]*)\]|([\d_]+(?:\.\d+)?))\s*(?:as\s+\w+\s*)?(?=[,}\n]|$)/.exec(text) ?? [];
  const plain = (item: string) => Number(item.replaceAll('_', ''));
  if (number !== undefined) return plain(number);
  const items = list
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items?.every((item) => /^[\d_]+$/.test(item)) ? items.map(plain) : undefined;
}
