import { existsSync } from 'node:fs';
import { didYouMean } from '../config/schema/suggest.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { printable } from '../diagnostics/printable.ts';
import { receivedNumbers } from '../explain/question.ts';
import { Judgement } from '../sim/expect/expect.ts';
import { Sources } from '../sim/files/sources.ts';
import { scenarioYaml } from '../sim/files/write-scenario.ts';
import { recordNumber } from '../sim/record/from-number.ts';
import { recordedScenario } from '../sim/record/from-record.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { playScenario } from '../sim/world/play.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { findCdrs } from './cdr.ts';
import { recordOfReport } from './cdr-report.ts';
import { type Command, configurationDirectory } from './command.ts';
import { writeWhole } from './files.ts';
import { exitCodes, type Io } from './io.ts';
import { loadOrFail } from './load-or-fail.ts';
import { outputPath } from './report-file.ts';
import { scenarioText } from './scenario-text.ts';

export const scenarioRecord: Command = {
  name: 'scenario record',
  usage: '<callee> --via GATEWAY [--caller N] [--at TIME] [--output FILE] … | --cdr CALL …',
  summary: 'writes down what happens to a call, as a scenario to review',
  help: `Writes a scenario file for \`class4 simulate\`. Of a number it plays the call, once with gateways that answer and once with
gateways that all refuse it, and writes down what comes of it. Of a call that was made it writes down what the
gateways did, and what its record says; where the same call would go otherwise now, comments say how. A file tells
what happens, not what should: a person has to review it.

  --via GATEWAY        the mapping gateway that the call comes from
  --caller N           the calling number (default: none)
  --forwarding N       the number that forwarded the call (default: none)
  --at TIME            when (default: now): 2026-01-31T12:00:00Z
  --cdr CALL           a call that was made: the id that \`class4 cdr list\` shows
  --name TEXT          what the scenario is called (default: what happens)
  --output FILE        where to write it (default: standard output); a file that is there stays
  --force              a file that is there is replaced
  --config DIR         the configuration directory (default: the current one)
  --help               this text

Exit codes: 0, 1 when there is no such record, 2 when the configuration or the command line is wrong.`,
  arguments: {
    options: {
      via: 'value',
      caller: 'value',
      forwarding: 'value',
      at: 'value',
      cdr: 'value',
      name: 'value',
      output: 'value',
      force: 'flag',
      config: 'value',
      help: 'flag',
    },
    required: [],
    optional: ['the number that is called'],
  },
  async run(args, io) {
    const [callee] = args.positionals;
    const callId = args.value('cdr');
    if ((callee === undefined) === (callId === undefined)) {
      throw new UsageError('either the number that is called, or --cdr and the id of a call');
    }
    const output = outputPath(args, io);
    if (output !== null && existsSync(output) && !args.flag('force')) {
      throw new UsageError(`${args.value('output')} is there already; --force replaces it`);
    }
    const directory = configurationDirectory(args, io);
    const written =
      callee === undefined ? await ofRecord(callId!, directory, args, io) : ofNumber(callee, directory, args);
    if (written === null) return exitCodes.unexpected;
    const text = scenarioText(written, output);
    if (output === null) io.out(text);
    else {
      writeWhole(output, text);
      io.err(`Written to ${args.value('output')}. Review it before it becomes a test.\n`);
    }
    return exitCodes.ok;
  },
};

const review = [
  'This says what happens, not what should. Review every line, then delete this comment.',
  'docs/scenarios.md explains the words.',
];

function ofNumber(typed: string, directory: string, args: Arguments): string {
  const snapshot = loadOrFail(directory);
  const via = viaOf(args, snapshot);
  const { callee, caller, forwarding } = receivedNumbers({
    callee: typed,
    caller: args.value('caller') ?? '',
    forwarding: args.value('forwarding') ?? null,
  });
  const startMs = args.time('at') ?? Math.floor(Date.now() / 1000) * 1000;
  const source = new Sources(snapshot).usual(via, { caller, callee, startMs });
  if (source === null) throw new UsageError(`${via} has no address that a call could come from`);
  const name = args.value('name') ?? null;
  const scenarios = recordNumber(snapshot, { callee, caller, forwarding, via, source, startMs, name });
  return scenarioYaml(scenarios, snapshot, [
    `Recorded from the configuration${commitOf(snapshot)}.`,
    ...review,
  ]);
}

function viaOf(args: Arguments, snapshot: Snapshot): string {
  const via = args.value('via');
  if (via === undefined)
    throw new UsageError('--via is missing: which mapping gateway does the call come from?');
  const names = snapshot.mappingGateways.map(({ name }) => name);
  if (names.includes(via)) return via;
  throw new UsageError(`there is no mapping gateway "${via}"${didYouMean(via, names)}`);
}

/** null when there is no such record, which is said. */
async function ofRecord(callId: string, directory: string, args: Arguments, io: Io): Promise<string | null> {
  for (const option of ['via', 'caller', 'forwarding', 'at']) {
    if (args.value(option) !== undefined) throw new UsageError(`--${option} says what the record knows`);
  }
  const snapshot = loadOrFail(directory);
  const [report] = await findCdrs(args, io, { callId });
  if (report === undefined) {
    io.err(`There is no record of the call ${printable(callId)}.\n`);
    return null;
  }
  const record = recordOfReport(report);
  const scenario = recordedScenario(snapshot, record, args.value('name') ?? null);
  return scenarioYaml(scenario, snapshot, [
    `Recorded from the call ${callId}, which was made with the configuration ${record.snapshotHash.slice(0, 12)}.`,
    ...review,
    ...differences(snapshot, scenario),
  ]);
}

function commitOf({ commit }: Snapshot): string {
  return commit === null ? '' : ` of commit ${commit.slice(0, 12)}`;
}

/** In what the call would go otherwise now: money that was short, lines that were taken and chance are not recorded. */
function differences(snapshot: Snapshot, scenario: Scenario): readonly string[] {
  const judgement = new Judgement(scenario);
  const played = playScenario(snapshot, scenario, { onCall: call => judgement.take(call) });
  const failures = judgement.failures(played);
  if (failures.length === 0) return [];
  return [
    'Played with the configuration as it is now, and with lines and money for everybody, this comes otherwise:',
    ...failures.map(({ subject, got }) => `  ${subject}: ${got}`),
  ];
}
