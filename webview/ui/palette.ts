// The colors of curves: independent of the theme, so that they are distinguishable for everyone on every background.

/**
 * For dark and light backgrounds. Found by search: any two differ by at least 0.09 in OKLab (Ottosson 2020), also with
 * protanopia, deuteranopia and tritanopia (Machado, Oliveira, Fernandes 2009, severity 1), and each has a contrast of
 * 3 to the background (WCAG 2.2, 1.4.11). palette.test.ts verifies this.
 */
export const palettes = {
  dark: ['#59a4f9', '#e69f00', '#aff6dc', '#dc3864', '#fee657', '#6e69f3'],
  light: ['#0063d3', '#c25100', '#00583f', '#a2759d', '#58012b', '#15197c'],
} as const;

/** Dash patterns in CSS pixels. They distinguish curves in print, and the first six curves from the next six. */
export const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** The line style of the i-th curve; the first twelve are all different. */
export const lineStyleOf = (i: number): { readonly hue: number; readonly dash: number } => ({
  hue: i % palettes.dark.length,
  dash: i % dashes.length,
});
