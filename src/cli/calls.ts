import { askSwitch } from '../control/client.ts';
import type { CallReport } from '../live/operations.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes } from './io.ts';
import { formatDuration, formatTable } from './table.ts';

export const calls: Command = {
  name: 'calls',
  usage: '[--config DIR] [--json]',
  summary: 'the calls that are up',
  help: `Lists the calls in progress, oldest first. "snapshot" is the configuration that the call began with and keeps.

${commonHelp}
Exit codes: 0, 4 when no switch answers.`,
  arguments: { options: commonOptions, required: [] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const report = (await askSwitch(directory, 'GET', '/calls')) as readonly CallReport[];
    if (args.flag('json')) printJson(io, report);
    else if (report.length === 0) io.out('no calls\n');
    else io.out(callsTable(report));
    return exitCodes.ok;
  },
};

function callsTable(report: readonly CallReport[]): string {
  return formatTable(
    [
      { title: 'call' },
      { title: 'state' },
      { title: 'time', align: 'right' },
      { title: 'from' },
      { title: 'caller' },
      { title: 'callee' },
      { title: 'tried' },
      { title: 'snapshot' },
    ],
    report.map(call => [
      call.callId,
      call.state,
      formatDuration(call.seconds),
      call.mappingGateway,
      call.caller,
      call.callee,
      call.attempts.join(', '),
      call.snapshotHash.slice(0, 12),
    ]),
  );
}

export const callsRelease: Command = {
  name: 'calls release',
  usage: 'CALL [--config DIR]',
  summary: 'end one call',
  help: `Ends the call on both sides. Its record says ForcedRelease, and it is charged up to now.

  CALL           the id that \`class4 calls\` shows
${commonHelp}
Exit codes: 0, 2 when there is no such call, 4 when no switch answers.`,
  arguments: { options: commonOptions, required: ['the id of the call'] },
  async run(args, io) {
    const callId = args.positionals[0]!;
    await askSwitch(configurationDirectory(args, io), 'POST', '/release', { callId });
    if (args.flag('json')) printJson(io, { callId });
    else io.out(`released ${callId}\n`);
    return exitCodes.ok;
  },
};
