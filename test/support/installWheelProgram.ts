// A program for a child process: installs the wheels of its argument, until it is killed.
import { installWheels } from '../../src/download/wheels';
import type { TestWheel } from './wheelIndex';

const [folder, wheels] = process.argv.slice(2);
const parsed = (JSON.parse(wheels) as TestWheel[]).map((wheel) => ({ ...wheel, keep: /^lib.*\.so\.1$/ }));
void installWheels(parsed, folder);
