// Sweep files by their names.

/** Whether a path is that of a sweep file. */
export const isSweepFile = (file: string): boolean => /\.sweep\.jsonc?$/i.test(file);
