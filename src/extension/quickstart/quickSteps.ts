// How long a quick start is, which its lens says.

/** Steps of a quick start, of a model or of an experiment file. */
export const quickSteps = 500;
