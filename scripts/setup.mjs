// `npm run setup`: installs the packages and builds dist/, each only if it is missing or out of date. What F5 in VS
// Code runs first.
import { build, install, requireNode } from './lib/project.mjs';

requireNode();
await install();
await build();
