import { askSwitch } from '../control/client.ts';
import type { GatewayReport } from '../live/operations.ts';
import { callRateInUse, linesInUse } from './capacity-text.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes } from './io.ts';
import { formatTable, shortTime } from './table.ts';

export const gateways: Command = {
  name: 'gateways',
  usage: '[--config DIR] [--json]',
  summary: 'lines and call rate in use at each gateway',
  help: `Shows for each mapping and routing gateway the lines and the call rate in use, with their limits, and how many calls it
was given.

${commonHelp}
Exit codes: 0, 4 when no switch answers.`,
  arguments: { options: commonOptions, required: [] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const report = (await askSwitch(directory, 'GET', '/gateways')) as readonly GatewayReport[];
    if (args.flag('json')) printJson(io, report);
    else io.out(gatewaysTable(report));
    return exitCodes.ok;
  },
};

function gatewaysTable(report: readonly GatewayReport[]): string {
  return formatTable(
    [
      { title: 'gateway' },
      { title: 'kind' },
      { title: 'lines', align: 'right' },
      { title: 'call rate', align: 'right' },
      { title: 'carried', align: 'right' },
      { title: 'note' },
    ],
    report.map(gateway => [
      gateway.name,
      gateway.kind,
      linesInUse(gateway),
      callRateInUse(gateway),
      String(gateway.carried),
      noteOf(gateway),
    ]),
  );
}

function noteOf({ unavailableUntil, configured }: GatewayReport): string {
  if (!configured) return 'no longer configured';
  return unavailableUntil === null ? '' : `left alone until ${shortTime(unavailableUntil)} UTC (Retry-After)`;
}
