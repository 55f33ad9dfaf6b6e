// By which column the table of a sweep is sorted.

/** Null for the order of the plan. */
export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** After a click on the head of a column: ascending, then descending, then the order of the plan. */
export function nextSorting(sorting: Sorting | null, column: string): Sorting | null {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? null : { column, descending: true };
}
