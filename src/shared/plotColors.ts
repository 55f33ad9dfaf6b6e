// The colors of plots of points, which are drawn on white; the monitor adapts them to the theme, and explains them.

export const plotColors = {
  /** Real points, and the specks that keep them visible below generated ones. */
  real: '#7d838c',
  realSpeck: '#343941',
  generated: '#e8501f',
  /** Arrows of the generator gradient, and their outline. */
  arrow: '#14181f',
  arrowOutline: '#ffffff',
  /** The critic's lowest and highest scores. */
  low: '#cfc6ee',
  high: '#b2e2d0',
} as const;
