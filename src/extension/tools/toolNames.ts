// The names of the language-model tools, as package.json declares them.

export const toolNames = ['start_gan_run', 'get_gan_run', 'compare_gan_runs', 'lint_gan_experiment'] as const;

export type ToolName = (typeof toolNames)[number];
