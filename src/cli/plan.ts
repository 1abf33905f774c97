/** `class4 plan`: what a change does to every number that can be dialled. */

import { extents } from '../plan/report/extents.ts';
import { checkGuards, defaultLimitPercent, failures, type GuardSettings } from '../plan/report/guards.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, configurationDirectory } from './command.ts';
import { exitCodes, type Io } from './io.ts';
import { type PlanFormat, type PlanOutput, planFormats, reportPlan } from './plan-output.ts';
import { makePlan, type PlanQuestion } from './plan-question.ts';
import { checkReportPaths, outputPath, reportPath } from './report-file.ts';

export const plan: Command = {
  name: 'plan',
  usage: '[--from SIDE] [--to SIDE] [--config DIR] [--fail-on WHAT] [--traffic DATABASE] …',
  summary: 'what a change does to every number that can be dialled',
  help: `Compares two configurations over all customers, numbers and times, by the code that routes calls: which numbers are
carried no longer or newly, which routes are won, lost or in another order, which prices and margins are others, each
with the line that did it. Nothing is sampled; what was not compared exactly is said.

  --from SIDE          what is compared with (default: where the default branch was left)
  --to SIDE            what is to be (default: the files in the configuration directory)
                       a SIDE is a directory, a branch, tag or commit (BRANCH... for where that branch was left,
                       BRANCH:FOLDER for another folder of it), live: what the running switch has loaded, or
                       history:VERSION: what served, by the names that \`class4 history\` has
  --config DIR         the configuration directory (default: the current one)
  --at TIME            from when on it counts (default: now): 2026-01-31T12:00:00Z
  --down GW1,GW2       what is different while one of these routing gateways is down, too
  --traffic DATABASE   weigh it by the calls of this database of a switch: minutes, margin a day
  --since TIME         calls from then on only (default: the 7 days before the last call)

  --fail-on WHAT,WHAT  exit code 1 for ${failures.join(', ')}
  --limit PERCENT      of routes or rates may change at once, from 10 of them up (default: ${defaultLimitPercent})
  --allow WHAT         more of ${extents.join(' or ')} (or both, with a comma) may change this time; plan.allow in
                       switch.yaml says so with a reason, for the change that brings it

  --format FORMAT      ${planFormats.join(', ')} (default: text); --json is --format json
  --output FILE        the report goes into FILE, and standard output says the same as text
  --markdown FILE      the report goes into FILE as Markdown, too: at most 65,536 characters, the worst first
  --json-file FILE     the report goes into FILE as JSON, too, whatever the format
  --comment            it becomes the one comment of the pull or merge request that this pipeline runs for
  --all                text tells every prefix, not ten rows of each kind and a hundred kinds for each customer
  --help               this text

Exit codes: 0, 1 a guard does not let it pass, 2 a side does not compile or the command line is wrong, 4 the switch
cannot be reached. docs/plan.md explains the report.`,
  arguments: {
    options: {
      ...{
        from: 'value',
        to: 'value',
        config: 'value',
        at: 'value',
        down: 'value',
        traffic: 'value',
        since: 'value',
      },
      ...{ 'fail-on': 'value', limit: 'value', allow: 'value' },
      ...{
        format: 'value',
        output: 'value',
        markdown: 'value',
        'json-file': 'value',
        comment: 'flag',
        all: 'flag',
      },
      ...{ json: 'flag', help: 'flag' },
    },
    required: [],
  },
  async run(args, io) {
    const [question, guards, output] = [questionOf(args, io), guardsOf(args), outputOf(args, io)];
    checkReportPaths(args, io);
    const made = await makePlan(question, io);
    if (made === null) return exitCodes.wrong;
    const findings = checkGuards(made.plan, { ...guards, allowances: made.allowances });
    await reportPlan({ ...made, guards: findings }, output, io);
    return findings.length > 0 ? exitCodes.unexpected : exitCodes.ok;
  },
};

function questionOf(args: Arguments, io: Io): PlanQuestion {
  if (args.value('since') !== undefined && args.value('traffic') === undefined) {
    throw new UsageError('--since says of which calls, so it needs --traffic');
  }
  return {
    directory: configurationDirectory(args, io),
    from: sideOf(args, 'from'),
    to: sideOf(args, 'to'),
    nowMs: args.time('at') ?? Date.now(),
    down: listOf(args, 'down'),
    traffic: args.value('traffic') ?? null,
    sinceMs: args.time('since') ?? null,
  };
}

function sideOf(args: Arguments, name: string): string | null {
  const side = args.value(name) ?? null;
  if (side === '') throw new UsageError(`--${name} is empty text`);
  return side;
}

function guardsOf(args: Arguments): Omit<GuardSettings, 'allowances'> {
  return {
    failOn: oneOfEach(args, 'fail-on', failures),
    limitPercent: args.wholeNumber('limit', 0, 100) ?? defaultLimitPercent,
    allowed: oneOfEach(args, 'allow', extents),
  };
}

function oneOfEach<Word extends string>(
  args: Arguments,
  name: string,
  words: readonly Word[],
): readonly Word[] {
  return listOf(args, name).map(text => {
    const word = words.find(one => one === text);
    if (word === undefined) throw new UsageError(`--${name} takes ${words.join(', ')}, not "${text}"`);
    return word;
  });
}

function listOf(args: Arguments, name: string): readonly string[] {
  const text = args.value(name);
  return text === undefined
    ? []
    : text
        .split(',')
        .map(item => item.trim())
        .filter(item => item !== '');
}

function outputOf(args: Arguments, io: Io): PlanOutput {
  const asked = args.value('format') ?? (args.flag('json') ? 'json' : 'text');
  const format = planFormats.find(one => one === asked);
  if (format === undefined)
    throw new UsageError(`there is no format "${asked}": use ${planFormats.join(', ')}`);
  if (args.flag('json') && format !== 'json')
    throw new UsageError('either --json or another --format, not both');
  return {
    format: format satisfies PlanFormat,
    output: outputPath(args, io),
    markdown: reportPath('markdown', args, io),
    jsonFile: reportPath('json-file', args, io),
    comment: args.flag('comment'),
    all: args.flag('all'),
    directory: configurationDirectory(args, io),
  };
}
