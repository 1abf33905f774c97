/** `class4 import rates`: a vendor's price list becomes a deck and a rate table. */
import { basename, join, resolve } from 'node:path';
import { defaultLimits } from '../config/limits.ts';
import { type ImportOutcome, importRates as importFile, type Progress } from '../import/import-rates.ts';
import { grouped } from '../import/problems.ts';
import { skippedText } from '../import/skipped.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, configurationDirectory, printJson } from './command.ts';
import { readUserFile, refuseLinkOut, writeWhole } from './files.ts';
import { importOptionSpec, importOptions, jumpPercentOf } from './import-options.ts';
import { type Report, reportJson, reportText } from './import-report.ts';
import { exitCodes, type Io } from './io.ts';
import { pathPrefixOf } from './path-prefix.ts';

export const importRates: Command = {
  name: 'import rates',
  usage: 'FILE.csv [--table NAME] [--dry-run] [--against TABLE] [--report text|json] …',
  summary: 'a price list becomes a deck and a rate table',
  help: `Reads the price list of a vendor, whatever its columns and dialect, and writes rates/NAME.csv and, when it is not
there yet, rates/NAME.yaml. Nothing is written while any row cannot be used. docs/import-rates.md explains it all.

  --table NAME           the rate table (default: the name of the file)
  --dry-run              report, write nothing
  --report text|json     the form of the report (default: text); --json is short for json
  --against TABLE        compare prices with this table (default: the same, when it is there)
  --jump PERCENT         list prices that change by more (default: 20%)
  --force                accept a change that looks like a mistake: many jumps, or many prefixes gone
  --skip-bad-rows        leave out rows that cannot be used; they go to var/import/NAME.skipped.csv
  --config DIR           the configuration directory (default: the current one)
columns, by header or by position from 1:
  --prefix-column, --country-column and --area-column (joined), --rate-column, --connect-fee-column,
  --increments-column, --first-increment-column, --next-increment-column, --from-column, --until-column,
  --status-column, --currency-column, --destination-column
  --ignore-columns A,B   do not read these
  --no-header            the first line is a row already
what a file may leave open:
  --delimiter C          comma, semicolon, tab, bar or one character
  --decimal comma|point  0,0125 or 0.0125
  --date-format ORDER    dmy, mdy or ymd
  --time-zone ZONE       of times without one: UTC (default), +01:00, …
  --last-day             an end date is the last day on which the price counts
  --unit minute|second   what a price is for (default: what the header says, else a minute)
  --increments N/M       of rows without increments (default: the table's, 60/60)
  --hyphen join|range    whether 44-77 is one prefix or a range
  --currency CODE        the currency of the file; it must be that of the switch, or
  --exchange-rate N      the switch's currency for one of the file's; multiplied exactly
  --round N              round prices half up to N decimals (default: refuse more than 10)
what may stand in it:
  --duplicates KEEP      of several prices for one prefix keep the first, last, highest or lowest
  --overlaps end-earlier a price ends where a newer one of the same prefix begins
  --withdrawn lock|drop  withdrawn prefixes are locked, or left out
  --allow-zero           prices of 0
  --max-rate N           the highest price per minute that is believed (default: 100)

Exit codes: 0 written (or would be), 2 the file cannot be imported as it is, or the command line is wrong.`,
  arguments: {
    options: {
      ...importOptionSpec,
      ...{ config: 'value', table: 'value', against: 'value', jump: 'value', report: 'value' },
      ...{ 'dry-run': 'flag', force: 'flag', json: 'flag', help: 'flag' },
    },
    required: ['the price list'],
  },
  async run(args, io) {
    const [file] = args.positionals as [string];
    const table = tableName(args, file);
    const against = args.value('against') ?? table;
    const json = isJson(args);
    const directory = configurationDirectory(args, io);
    const options = importOptions(args);
    const jumpPercent = jumpPercentOf(args);
    const bytes = readUserFile(resolve(io.workingDirectory, file), file, defaultLimits.deckBytes);
    const force = args.flag('force');
    const request = { bytes, directory, table, against, jumpPercent, force, options };
    const outcome = importFile(request, progressOn(io));
    const dryRun = args.flag('dry-run');
    const files = filesOf(outcome, table);
    const prefix = pathPrefixOf(directory, io);
    if (!dryRun) {
      for (const { path } of files) refuseLinkOut(directory, path);
      for (const { path, text } of files) writeWhole(join(directory, path), text);
    }
    const written = files.map(({ path }) => prefix + path);
    const report: Report = {
      ...{ outcome, file, table, against, jumpPercent },
      dryRun,
      written,
      colour: io.colour,
    };
    if (json) printJson(io, reportJson(report));
    else io.out(reportText(report));
    return outcome.refused ? exitCodes.wrong : exitCodes.ok;
  },
};

/** The name of the file without its ending, with what cannot stand in a name made a hyphen. */
function tableName(args: Arguments, file: string): string {
  const given = args.value('table');
  const name =
    given ??
    basename(file)
      .replace(/\.[A-Za-z0-9]{1,4}$/, '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|-+$/g, '');
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  if (given === undefined) throw new UsageError(`no table can be named after ${file}; say --table`);
  throw new UsageError(`"${name}" cannot be the name of a rate table`);
}

function isJson(args: Arguments): boolean {
  const form = args.value('report') ?? (args.flag('json') ? 'json' : 'text');
  if (form === 'json' || form === 'text') return form === 'json';
  throw new UsageError(`--report must be text or json, not "${form}"`);
}

function filesOf(
  outcome: ImportOutcome,
  table: string,
): readonly { readonly path: string; readonly text: string }[] {
  const skipped = outcome.read?.skipped ?? [];
  if (outcome.refused || skipped.length === 0) return outcome.files;
  const text = skippedText(skipped, outcome.problems.all);
  return [...outcome.files, { path: `var/import/${table}.skipped.csv`, text }];
}

/** Tells what goes on once a second, from the first second on. */
function progressOn(io: Io): Progress {
  let toldMs = performance.now();
  return (step, records) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < 1000) return;
    toldMs = nowMs;
    io.err(`${step}: ${grouped(records)} rows\n`);
  };
}
