// No module may import itself by way of others, types included: `npm run lint` fails on a circle.
export default {
  forbidden: [
    {
      name: 'no-circular-imports',
      comment: 'Move what both files need, often a type, into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^node:' },
  },
};
