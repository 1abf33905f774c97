import { askSwitch } from '../control/client.ts';
import type { QualityReport } from '../live/operations.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes } from './io.ts';
import { percentText, secondsText } from './quality-text.ts';
import { formatTable } from './table.ts';

export const quality: Command = {
  name: 'quality',
  usage: '[GATEWAY] [--prefix P] [--config DIR] [--json]',
  summary: 'how well routing gateways do: ASR, NER, ACD, PDD',
  help: `Shows for each routing gateway whose quality is measured what came of the calls within the window
(SS_GATEWAY_QUALITY_RESERVE_TIME): attempts, ASR, NER, response ratio, connected ratio, ACD, and PDD, on
average and the delay that 95 % of the calls do not exceed. docs/quality.md has the formulas.

  GATEWAY        this gateway, followed by each of its route prefixes
  --prefix P     route prefixes that begin with P, of all gateways or of GATEWAY
${commonHelp}
Exit codes: 0, 2 for a gateway that is not measured, 4 when no switch answers.`,
  arguments: { options: { ...commonOptions, prefix: 'value' }, required: [], optional: ['GATEWAY'] },
  async run(args, io) {
    const query = new URLSearchParams();
    const [gateway] = args.positionals;
    const prefix = args.value('prefix');
    if (gateway !== undefined) query.set('gateway', gateway);
    if (prefix !== undefined) query.set('prefix', prefix);
    const path = `/quality?${query}`;
    const report = (await askSwitch(
      configurationDirectory(args, io),
      'GET',
      path,
    )) as readonly QualityReport[];
    if (args.flag('json')) printJson(io, report);
    else if (report.length > 0) io.out(qualityTable(report));
    else if (prefix !== undefined) io.out('no calls to such a prefix within the window\n');
    else io.out('no gateway is measured: see SS_GATEWAY_ASR_CALCULATE and calculateQuality\n');
    return exitCodes.ok;
  },
};

function qualityTable(report: readonly QualityReport[]): string {
  const titles = ['attempts', 'ASR', 'NER', 'response', 'connected', 'ACD', 'PDD', 'PDD 95 %'];
  return formatTable(
    [{ title: 'gateway' }, { title: 'prefix' }, ...titles.map(title => ({ title, align: 'right' as const }))],
    report.map(row => [
      row.gateway,
      row.prefix ?? 'all',
      String(row.attempts),
      percentText(row.answerSeizureRatio),
      percentText(row.networkEffectivenessRatio),
      percentText(row.responseRatio),
      percentText(row.connectedRatio),
      secondsText(row.averageCallDurationSeconds, 1),
      secondsText(row.postDialDelayMs === null ? null : row.postDialDelayMs / 1000, 2),
      secondsText(row.highPostDialDelayMs === null ? null : row.highPostDialDelayMs / 1000, 1),
    ]),
  );
}
