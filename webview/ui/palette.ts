// The colours of curves: ours and not the theme's, so that they are told apart by everybody on every background.

/**
 * On a dark and on a light background. Chosen by search: any two are at least 0.09 apart in OKLab (Ottosson 2020), also as
 * people with protanopia, deuteranopia and tritanopia see them (Machado, Oliveira, Fernandes 2009, severity 1), and each has
 * a contrast of 3 to the background (WCAG 2.2, 1.4.11). A test computes it again.
 */
export const palettes = {
  dark: ['#59a4f9', '#e69f00', '#aff6dc', '#dc3864', '#fee657', '#6e69f3'],
  light: ['#0063d3', '#c25100', '#00583f', '#a2759d', '#58012b', '#15197c'],
} as const;

/** Strokes and gaps, in CSS pixels. Beside the colours they tell curves apart in print, and six colours from the next six. */
export const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** The look of the i-th of many curves: no two of the first twelve are the same in both. */
export const lineStyleOf = (i: number): { readonly hue: number; readonly dash: number } => ({
  hue: i % palettes.dark.length,
  dash: i % dashes.length,
});
