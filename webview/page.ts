// What the pages of a run and of a comparison have in common.

/** A page, whatever it shows. */
export interface Page<Change> {
  readonly element: HTMLElement;
  receive(change: Change): void;
  themeChanged(): void;
  /** Time has gone by. */
  tick(): void;
  dispose(): void;
}
