// When two signals belong to one key press.

/**
 * Under npm, one Ctrl-C arrives twice: from the terminal and, a moment later, from npm. Signals within this
 * many milliseconds after the first one belong to the same key press.
 */
export const samePressMs = 500;
