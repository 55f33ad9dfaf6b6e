// Names that leave room beside them in a narrow view.

/** Characters of a name: beside them, a view of 300 pixels has room for a time and a number. */
const maxLength = 16;

/** Shortens names. One that could be taken for another of `names` is kept. */
export function shortNames(names: Iterable<string>): (name: string) => string {
  const taken = new Map<string, number>();
  for (const name of new Set(names)) taken.set(shortened(name), (taken.get(shortened(name)) ?? 0) + 1);
  return (name) => ((taken.get(shortened(name)) ?? 0) > 1 ? name : shortened(name));
}

/** The middle of a long name is cut out. */
function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= maxLength) return name;
  const tail = Math.floor((maxLength - 1) / 2);
  return `${characters.slice(0, maxLength - 1 - tail).join('')}…${characters.slice(-tail).join('')}`;
}
