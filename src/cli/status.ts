import { askSwitch } from '../control/client.ts';
import { printable } from '../diagnostics/printable.ts';
import type { StatusReport } from '../live/operations.ts';
import { callRateInUse } from './capacity-text.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { heldFilesText, holdText } from './decision-text.ts';
import { exitCodes } from './io.ts';
import { givenUpLine, rolloutLines } from './rollout-text.ts';
import { sourceProblems, sourceText } from './source-text.ts';
import { paint, shortTime } from './table.ts';
import { watchSwitch } from './watch-switch.ts';

export const status: Command = {
  name: 'status',
  usage: '[--watch] [--config DIR] [--json]',
  summary: 'what the running switch is doing',
  help: `Asks the switch that runs for the configuration directory: which snapshot serves, where it comes from, when it
was last reloaded and what was wrong with it, who holds it after a rollback, the SIP server, the store, and every counter that is not zero.

  --watch        show it again every second, until ctrl-c; with --json, one line each time
${commonHelp}
Exit codes: 0, 4 when no switch answers.`,
  arguments: { options: { ...commonOptions, watch: 'flag' }, required: [] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const ask = async () => (await askSwitch(directory, 'GET', '/status')) as StatusReport;
    if (args.flag('watch')) {
      if (args.flag('json')) return watchSwitch(io, async () => `${JSON.stringify(await ask())}\n`, 'lines');
      return watchSwitch(io, async () => statusText(await ask(), io.colour));
    }
    const report = await ask();
    if (args.flag('json')) printJson(io, report);
    else io.out(statusText(report, io.colour));
    return exitCodes.ok;
  },
};

function statusText(report: StatusReport, colour: boolean): string {
  const { snapshot, reload, sip, store, calls, decisions } = report;
  const commit = snapshot.commit === null ? '' : ` (commit ${snapshot.commit.slice(0, 12)})`;
  const errors = reload.diagnostics.filter(({ severity }) => severity === 'error');
  const inPeriod = callRateInUse(calls);
  const callRate = inPeriod === '' ? '' : `, call rate ${inPeriod}`;
  const lines = [
    ['switch', `${report.name}, process ${report.pid}, since ${shortTime(report.startedAt)} UTC`],
    [
      'calls',
      `${calls.active} active${callRate}${report.draining ? paint(', draining', 'yellow', colour) : ''}`,
    ],
    ['snapshot', `${snapshot.hash}${commit}`],
    ['source', printable(sourceText(report.source))],
    [
      'reloads',
      `${reload.applied} applied, ${reload.refused} refused; last good ${shortTime(reload.lastGoodAt)} UTC`,
    ],
    [
      'sip',
      `${sip.server}, ${sip.connected ? 'connected' : paint('not connected', 'red', colour)}${sip.listening.length > 0 ? `, ${sip.listening.join(' ')}` : ''}`,
    ],
    ['store', `${store.path}, ${store.pendingWrites} writes pending`],
    ...processLines(report.process),
  ];
  const problems = [
    ...(report.givenUp === null ? [] : [givenUpLine(report.givenUp)]),
    ...holdLines(report),
    ...sourceProblems(report.source),
    ...errors.map(
      ({ place, code, message }) => `${place.file}:${place.line}:${place.column} error ${code} ${message}`,
    ),
    ...(decisions.lastError === null
      ? []
      : [`a restart would undo the last decision, the history cannot be written: ${decisions.lastError}`]),
    ...(store.lastError === null ? [] : [`the store cannot be written: ${store.lastError}`]),
    ...(reload.restartNeeded.length === 0
      ? []
      : [`a restart is needed for ${reload.restartNeeded.join(', ')}`]),
    ...(Math.abs(report.clockOffsetMs) < 2000
      ? []
      : [`the clock of the system was set by ${report.clockOffsetMs} ms since the start`]),
  ];
  const counters = Object.entries(report.counters).filter(([, value]) => value !== 0);
  const nameWidth = Math.max(0, ...counters.map(([name]) => name.length));
  return [
    ...lines.map(([name, value]) => `${name!.padEnd(10)}${value}`),
    ...(report.rollout === null ? [] : ['', ...rolloutLines(report.rollout, colour), '']),
    ...problems.map(problem => paint(printable(problem), 'red', colour)),
    ...(counters.length === 0
      ? []
      : ['', ...counters.map(([name, value]) => `${name.padEnd(nameWidth)}  ${value}`)]),
    '',
  ].join('\n');
}

function processLines({
  eventLoop,
  memory,
  lastLoad,
  lastApplyMs,
  oldSnapshots,
}: StatusReport['process']): string[][] {
  const { snapshots, calls } = oldSnapshots;
  const load =
    lastLoad === null
      ? []
      : [
          [
            'loading',
            `read ${lastLoad.readMs} ms, compiled ${lastLoad.compileMs} ms, handed over ${lastLoad.handOverMs} ms ` +
              `(${lastLoad.newParts} new parts, longest turn ${lastLoad.handOverTurnMs} ms)` +
              (lastApplyMs === null ? '' : `, put into service ${lastApplyMs} ms`),
          ],
        ];
  return [
    [
      'process',
      `${mebibytes(memory.residentBytes)} MiB resident, ${mebibytes(memory.heapUsedBytes)} MiB heap`,
    ],
    ['loop', `held ${eventLoop.longestMs} ms at most in the last minute, p99 ${eventLoop.p99Ms} ms`],
    ...load,
    ...(snapshots === 0
      ? []
      : [
          [
            'old',
            `${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'} of before, with ${calls} ${calls === 1 ? 'call' : 'calls'}`,
          ],
        ]),
  ];
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

function holdLines({ hold, reload, snapshot }: StatusReport): readonly string[] {
  if (hold === null) return [];
  const lasting = hold.durable ? '' : '; it is not on disk yet and a restart would end it';
  const compiled = hold.hash === snapshot.hash ? '' : `compiled by this release it is ${snapshot.hash}; `;
  return [`HELD: ${holdText(hold)}; ${compiled}${heldFilesText(snapshot.hash, reload.sourceHash)}${lasting}`];
}
