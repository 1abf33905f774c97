import { askSwitch } from '../control/client.ts';
import { decisionReason } from '../live/decision-reports.ts';
import type { StatusReport } from '../live/operations.ts';
import type { RolloutResult } from '../live/rollout/rollouts.ts';
import { UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes } from './io.ts';
import { operatorOf } from './operator.ts';
import { givenUpLine, rolloutLines } from './rollout-text.ts';

const actions = ['status', 'promote', 'abort'] as const;

export const rollout: Command = {
  name: 'rollout',
  usage: '[status | promote [VERSION] | abort [VERSION]] [--reason TEXT] [--config DIR] [--json]',
  summary: 'see how a change is tried on a share of the calls, and decide on it',
  help: `With \`rollout\` in switch.yaml a change goes to a share of the new calls first, and to all of them, or to none, once
it was compared with what serves the others.

  status         how both sides fare, and what was taken back last (default)
  promote        all new calls use the change from now on
  abort          no new call uses it any more; it is not tried again until the files change
  VERSION        the beginning of the hash of the change that is meant: nothing happens when another one is tried by now
  --reason TEXT  stands in the history and the log
${commonHelp}
Exit codes: 0, 2 nothing or another change is being rolled out, or the command line is wrong, 4 when no switch answers.`,
  arguments: {
    options: { ...commonOptions, reason: 'value' },
    required: [],
    optional: ['the action', 'the version'],
  },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const action = actions.find(name => name === (args.positionals[0] ?? 'status'));
    if (action === undefined) throw new UsageError(`the action is one of ${actions.join(', ')}`);
    if (action === 'status') {
      if (args.positionals.length > 1) throw new UsageError('status takes no version');
      const { rollout: report, givenUp } = (await askSwitch(directory, 'GET', '/status')) as StatusReport;
      if (args.flag('json')) printJson(io, { rollout: report, givenUp });
      else io.out(statusText(report, givenUp, io.colour));
      return exitCodes.ok;
    }
    const given = args.value('reason');
    const reason = given === undefined ? null : decisionReason(given);
    const request = { version: args.positionals[1] ?? null, reason, by: operatorOf(io) };
    const result = (await askSwitch(directory, 'POST', `/rollout/${action}`, request)) as RolloutResult;
    if (args.flag('json')) printJson(io, result);
    else if (action === 'promote') io.out(`Promoted: all new calls use ${result.to}.\n`);
    else io.out(`Aborted: no new call uses ${result.from} any more; ${result.to} serves.\n`);
    return exitCodes.ok;
  },
};

function statusText(
  report: StatusReport['rollout'],
  givenUp: StatusReport['givenUp'],
  colour: boolean,
): string {
  const lines = report === null ? ['Nothing is being rolled out.'] : rolloutLines(report, colour);
  return `${[...lines, ...(givenUp === null ? [] : [givenUpLine(givenUp)])].join('\n')}\n`;
}
