/**
 * Plays the scenarios of networks until one fails, and tells which. A program of its own, so that it can be run from a
 * copy of this project in which something is wrong. Its arguments are the directories of the networks.
 *
 * Ends with 0 when all pass, and with 1 when one fails.
 */
import { failuresOf, loadNetwork } from '../features/network.ts';

function firstFailure(directories: readonly string[]): string | null {
  for (const directory of directories) {
    const { snapshot, scenarios } = loadNetwork(directory);
    for (const scenario of scenarios) {
      const [failure] = failuresOf(snapshot, scenario);
      if (failure !== undefined) return failure;
    }
  }
  return null;
}

const failure = firstFailure(process.argv.slice(2));
if (failure !== null) {
  process.stdout.write(`${failure}\n`);
  process.exitCode = 1;
}
