// The options of a script's command line.
import { parseArgs } from 'node:util';

/** The options of a script; ends it with what is wrong with them. */
export function readOptions(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
