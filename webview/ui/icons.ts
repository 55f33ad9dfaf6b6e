// The icons, as SVG paths on a 16 x 16 grid.

export const icons = {
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  play: 'M4.5 2.5v11l9-5.5z',
  stop: 'M3.5 3.5h9v9h-9z',
  checkpoint:
    'M3 2h8.6L14 4.4V13a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm0 1v10h1V9h8v4h1V4.8L11.2 3H11v3H5V3H3zm3 0v2h4V3H6zm-1 7v3h6v-3H5z',
  sample: 'M2 2h5v5H2zM3 3v3h3V3zM9 2h5v5H9zM10 3v3h3V3zM2 9h5v5H2zM3 10v3h3v-3zM9 9h5v5H9zM10 10v3h3v-3z',
  experiment: 'M9.5 1H4a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V4.5L9.5 1zM9 2v3h3v9H4V2h5z',
  log: 'M2 3h12v1H2zM2 6h9v1H2zM2 9h12v1H2zM2 12h7v1H2z',
  folder:
    'M1.5 3h4.9l1.5 1.5h6.6a.5.5 0 0 1 .5.5v8a.5.5 0 0 1-.5.5h-13A.5.5 0 0 1 1 13V3.5a.5.5 0 0 1 .5-.5zM2 4v8.5h12v-7H7.5L6 4H2z',
  previous: 'M10.3 2.7 5 8l5.3 5.3.7-.7L6.4 8 11 3.4z',
  next: 'M5.7 2.7 11 8l-5.3 5.3-.7-.7L9.6 8 5 3.4z',
  zoomOut: 'M7 2a5 5 0 0 1 3.9 8.1l3 3-.8.8-3-3A5 5 0 1 1 7 2zm0 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 6.5h5v1h-5z',
  copy: 'M5 1.5h7.5a1 1 0 0 1 1 1V11h-1V2.5H5v-1zM3 4h7a1 1 0 0 1 1 1v8.5a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm0 1v8.5h7V5H3z',
  save: 'M7.4 1.5h1.2v7l2.5-2.5.8.8L8 10.7 4.1 6.8l.8-.8 2.5 2.5v-7zM2.5 10.5h1.2v2.8h8.6v-2.8h1.2v4h-11z',
  open: 'M9 2h5v5h-1.2V4L8 8.9 7.1 8l4.8-4.8H9V2zM3 3h4v1.2H3.2v8.6h8.6V9H13v4a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z',
  table:
    'M2 2.5h12v11H2v-11zm1.2 1.2v2h9.6v-2H3.2zm0 3.2v2h2.6v-2H3.2zm3.8 0v2h5.8v-2H7zm-3.8 3.2v2.2h2.6v-2.2H3.2zm3.8 0v2.2h5.8v-2.2H7z',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM7.4 7h1.2v4.5H7.4zM7.3 4.5h1.4v1.4H7.3z',
  warning: 'M8 1.6 15 14H1zm0 2L2.7 13h10.6zM7.4 6.5h1.2v3.6H7.4zM7.4 11h1.2v1.2H7.4z',
  error:
    'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM5.9 5.1 8 7.2l2.1-2.1.8.8L8.8 8l2.1 2.1-.8.8L8 8.8l-2.1 2.1-.8-.8L7.2 8 5.1 5.9z',
} as const;
