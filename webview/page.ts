// The interface shared by the run page and the comparison page.

export interface Page<Change> {
  readonly element: HTMLElement;
  receive(change: Change): void;
  themeChanged(): void;
  /** Called once per second. */
  tick(): void;
  dispose(): void;
}
