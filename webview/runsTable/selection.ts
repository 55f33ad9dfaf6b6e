// Selecting rows as in the editor's lists: a click selects one, Ctrl adds, Shift extends from the last one.

export interface Selection {
  readonly selected: readonly string[];
  /** Where an extension begins; null before the first click. */
  readonly anchor: string | null;
}

export type SelectBy = 'one' | 'toggle' | 'range';

/** The selection after `id` was chosen; `order` are the ids of the shown rows. */
export function select({ selected, anchor }: Selection, id: string, by: SelectBy, order: readonly string[]): Selection {
  if (by === 'one') return { selected: [id], anchor: id };
  if (by === 'toggle')
    return {
      selected: selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id],
      anchor: id,
    };
  const [from, to] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(id)];
  if (from < 0 || to < 0) return { selected: [id], anchor: id };
  return { selected: order.slice(Math.min(from, to), Math.max(from, to) + 1), anchor };
}

/** How a click or a key press selects. */
export const selectBy = ({ ctrlKey, metaKey, shiftKey }: MouseEvent | KeyboardEvent): SelectBy =>
  shiftKey ? 'range' : ctrlKey || metaKey ? 'toggle' : 'one';
