import { askSwitch } from '../control/client.ts';
import type { GatewayReport } from '../live/operations.ts';
import { callRateInUse, linesInUse } from './capacity-text.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes } from './io.ts';
import { percentText, secondsText } from './quality-text.ts';
import { formatTable, shortTime } from './table.ts';

export const gateways: Command = {
  name: 'gateways',
  usage: '[--config DIR] [--json]',
  summary: 'lines and call rate in use at each gateway, who is offline',
  help: `Shows for each mapping and routing gateway the lines and the call rate in use, with their limits, and how
many calls it was given; where quality is measured, ASR, ACD and PDD of the calls within the window (see
class4 quality); and who is left alone (Retry-After) or offline (OPTIONS).

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
  const measured = report.some(({ quality }) => quality !== null);
  return formatTable(
    [
      { title: 'gateway' },
      { title: 'kind' },
      { title: 'lines', align: 'right' },
      { title: 'call rate', align: 'right' },
      { title: 'carried', align: 'right' },
      ...(measured ? measuredColumns : []),
      { title: 'note' },
    ],
    report.map(gateway => [
      gateway.name,
      gateway.kind,
      linesInUse(gateway),
      callRateInUse(gateway),
      String(gateway.carried),
      ...(measured ? measuredCells(gateway) : []),
      noteOf(gateway),
    ]),
  );
}

const measuredColumns = ['ASR', 'ACD', 'PDD'].map(title => ({ title, align: 'right' as const }));

function measuredCells({ quality }: GatewayReport): readonly string[] {
  if (quality === null) return ['', '', ''];
  const { answerSeizureRatio, averageCallDurationSeconds, postDialDelayMs } = quality;
  return [
    percentText(answerSeizureRatio),
    secondsText(averageCallDurationSeconds, 1),
    secondsText(postDialDelayMs === null ? null : postDialDelayMs / 1000, 2),
  ];
}

function noteOf({ unavailableUntil, offlineSince, configured }: GatewayReport): string {
  if (!configured) return 'no longer configured';
  if (offlineSince !== null) return `offline since ${shortTime(offlineSince)} UTC (OPTIONS)`;
  return unavailableUntil === null ? '' : `left alone until ${shortTime(unavailableUntil)} UTC (Retry-After)`;
}
