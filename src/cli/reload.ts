import { askSwitch } from '../control/client.ts';
import { printable } from '../diagnostics/printable.ts';
import type { ReloadResult } from '../live/operations.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { holdText } from './decision-text.ts';
import { exitCodes, type Io } from './io.ts';

export const reload: Command = {
  name: 'reload',
  usage: '[--config DIR] [--json]',
  summary: 'read the configuration now',
  help: `Has the running switch read its configuration at once, and reports what came of it. (It also does so by itself
soon after a change.) A switch that follows a repository fetches its branch now. New calls use the new configuration;
calls in progress keep theirs.

${commonHelp}
Exit codes: 0 applied or unchanged, 1 good but held (see \`class4 resume\`), 2 the configuration has errors or keeps changing, 4 no switch answers.`,
  arguments: { options: commonOptions, required: [] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const result = (await askSwitch(directory, 'POST', '/reload')) as ReloadResult;
    if (args.flag('json')) printJson(io, result);
    else {
      const findings = result.diagnostics.length === 0 ? '' : await findingsOf(result, directory, io);
      io.out(`${findings}${sentence(result)}`);
    }
    return exitCodeOf[result.outcome];
  },
};

async function findingsOf({ diagnostics }: ReloadResult, directory: string, io: Io): Promise<string> {
  const [{ directoryRead }, { findingsText }] = await Promise.all([
    import('./files-read.ts'),
    import('./findings-text.ts'),
  ]);
  return findingsText(diagnostics, await directoryRead(directory), io);
}

const exitCodeOf: Readonly<Record<ReloadResult['outcome'], number>> = {
  applied: exitCodes.ok,
  unchanged: exitCodes.ok,
  held: exitCodes.unexpected,
  trying: exitCodes.ok,
  givenUp: exitCodes.unexpected,
  refused: exitCodes.wrong,
  moving: exitCodes.wrong,
};

function sentence({ outcome, hash, failure, restartNeeded, hold, sourceHash }: ReloadResult): string {
  const held = hold === null ? '' : `Held: ${holdText(hold)}.\n`;
  const restart = restartNeeded.length === 0 ? '' : `A restart is needed for ${restartNeeded.join(', ')}.\n`;
  switch (outcome) {
    case 'applied':
      return `Applied: new calls use ${hash}.\n${restart}`;
    case 'unchanged':
      return `Unchanged: ${hash} serves.\n${held}${restart}`;
    case 'held':
      return `${held}The files are good (${sourceHash}), and not applied until \`class4 resume\`.\n`;
    case 'trying':
      return `The files (${sourceHash}) are tried on a share of the new calls; ${hash} serves the others. See \`class4 rollout\`.\n`;
    case 'givenUp':
      return `The files (${sourceHash}) were tried and taken back; ${hash} serves until they change. See \`class4 rollout\`.\n`;
    case 'refused':
      return `Refused${failure === null ? '' : ` (${printable(failure)})`}: ${hash} goes on serving.\n${held}`;
    case 'moving':
      return `The files keep changing; ${hash} goes on serving. Try again when they are still.\n`;
  }
}
