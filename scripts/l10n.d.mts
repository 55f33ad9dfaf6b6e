// Types of scripts/l10n.mjs, for its test.
export function textsIn(source: string, name: string): string[];
export function allTexts(): string[];
