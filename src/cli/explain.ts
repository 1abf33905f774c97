import { UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { type Explanation, explainRoute } from './explain-route.ts';
import { explanationText } from './explain-text.ts';
import { exitCodes, type Io } from './io.ts';
import { loadOrFail, pathPrefixOf } from './offline.ts';

export const explain: Command = {
  name: 'explain',
  usage: '<callee> --via MAPPING-GATEWAY [--caller N] [--at TIME] [--expect GW1,GW2]',
  summary: 'how a call would be routed and rated, and why',
  help: `Decides a call as the switch would, from the configuration directory alone: nothing need be running, and every
line is free. Shows what the customer pays, each vendor in the order of trying with its price and margin, and
each one that is left out with the line that decided it.

  --via GATEWAY      the mapping gateway that the call comes from
  --caller N         the calling number (default: none)
  --at TIME          when, for rates with a start or an end (default: now): 2026-01-31T12:00:00Z
  --expect GW1,GW2   fail unless exactly these routing gateways are tried, in this order; '' for none
${commonHelp}
Exit codes: 0, 1 when --expect is not met, 2 when the configuration or the command line is wrong.`,
  arguments: {
    options: { ...commonOptions, via: 'value', caller: 'value', at: 'value', expect: 'value' },
    required: ['the number that is called'],
  },
  async run(args, io) {
    const via = args.value('via');
    if (via === undefined)
      throw new UsageError('--via is missing: which mapping gateway does the call come from?');
    const directory = configurationDirectory(args, io);
    const snapshot = loadOrFail(directory);
    const explanation = explainRoute(snapshot, {
      callee: args.positionals[0]!,
      caller: args.value('caller') ?? '',
      via,
      atMs: args.time('at') ?? Date.now(),
    });
    if (args.flag('json')) printJson(io, explanation);
    else io.out(explanationText(explanation, pathPrefixOf(directory, io), io.colour));
    const expected = args.value('expect');
    return expected === undefined ? exitCodes.ok : checkExpectation(expected, explanation, io);
  },
};

function checkExpectation(expected: string, explanation: Explanation, io: Io): number {
  const wanted = expected
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  const found = explanation.attempts.map(({ gateway }) => gateway);
  if (wanted.join() === found.join()) return exitCodes.ok;
  io.err(`expected ${listText(wanted)}\n   found ${listText(found)}\n`);
  return exitCodes.unexpected;
}

function listText(names: readonly string[]): string {
  return names.length === 0 ? 'no gateway' : names.join(', ');
}
