import { loadConfiguration } from '../config/load.ts';
import { askSwitch } from '../control/client.ts';
import { idleSwitch } from '../explain/circumstances.ts';
import { explainCall } from '../explain/explain-call.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { LiveQuestion, Question } from '../explain/question.ts';
import { parseAddress } from '../routing/ip-address.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { explanationText } from './explain-text.ts';
import { exitCodes, type Io } from './io.ts';
import { loadOrFail } from './load-or-fail.ts';
import { pathPrefixOf } from './path-prefix.ts';

export const explain: Command = {
  name: 'explain',
  usage: '<callee> --via MAPPING-GATEWAY [--caller N] [--at TIME] [--expect GW1,GW2] [--live] …',
  summary: 'how a call would be authorised, routed and rated, and why',
  help: `Decides a call as the switch would, by the same code, and says why: who calls, what becomes of the numbers, what is
paid, every gateway in the order of trying, and of every other one the line that keeps it out. Without --live it
reads the files alone: no switch need be running, and all lines are free.

  --via GATEWAY        the mapping gateway that the call comes from
  --from ADDRESS:PORT  instead of --via: the address that it comes from (port 5060 when absent)
  --caller N           the calling number (default: none)
  --forwarding N       the number that forwarded the call (default: none)
  --at TIME            when, for rates, calendars and expiries (default: now): 2026-01-31T12:00:00Z
  --down GW1,GW2       routing gateways to take for offline
  --full GW1,GW2       routing gateways to take for full
  --seed N             what chance and route shares go by: call number N of the gateway (default: 0;
                       with --live the next call)
  --live               ask the running switch, with its configuration, lines, call rates, balances and quality
  --expect GW1,GW2     fail unless exactly these routing gateways are tried, in this order; none for none
${commonHelp}
Exit codes: 0, 1 when --expect is not met, 2 when the configuration or the command line is wrong, 4 when --live finds no
switch.`,
  arguments: {
    options: {
      ...commonOptions,
      via: 'value',
      from: 'value',
      caller: 'value',
      forwarding: 'value',
      at: 'value',
      down: 'value',
      full: 'value',
      seed: 'value',
      live: 'flag',
      expect: 'value',
    },
    required: ['the number that is called'],
  },
  async run(args, io) {
    const question = questionOf(args);
    const expected = expectedOf(args);
    const directory = configurationDirectory(args, io);
    const explanation = args.flag('live')
      ? await askLive(directory, question)
      : explainFiles(directory, { ...question, atMs: question.atMs ?? Date.now() });
    if (args.flag('json')) printJson(io, explanation);
    else io.out(explanationText(explanation, { pathPrefix: pathPrefixOf(directory, io), colour: io.colour }));
    return expected === null ? exitCodes.ok : checkExpectation(expected, explanation, io);
  },
};

function questionOf(args: Arguments): LiveQuestion {
  return {
    callee: args.positionals[0]!,
    caller: args.value('caller') ?? '',
    forwarding: args.value('forwarding') ?? null,
    from: senderOf(args),
    atMs: args.time('at') ?? null,
    seed: args.wholeNumber('seed', 0, Number.MAX_SAFE_INTEGER) ?? null,
    down: [...new Set(namesOf(args.value('down') ?? ''))],
    full: [...new Set(namesOf(args.value('full') ?? ''))],
  };
}

function senderOf(args: Arguments): Question['from'] {
  const via = args.value('via');
  const from = args.value('from');
  if (via !== undefined && from !== undefined)
    throw new UsageError('--via and --from say the same; give one');
  if (via !== undefined) return { kind: 'gateway', name: via };
  if (from === undefined) {
    throw new UsageError('--via is missing: which mapping gateway does the call come from?');
  }
  const match = /^(?:\[([^\]]+)\]|([^:]+)|([0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*))(?::(\d{1,5}))?$/.exec(
    from,
  );
  const address = match?.[1] ?? match?.[2] ?? match?.[3];
  const port = Number(match?.[4] ?? 5060);
  if (address !== undefined && port >= 1 && port <= 65_535 && parseAddress(address) !== null) {
    return { kind: 'address', address, port };
  }
  throw new UsageError(
    `--from must be an address such as 192.0.2.1, 192.0.2.1:5060 or [2001:db8::1]:5060, not "${from}"`,
  );
}

function namesOf(list: string): readonly string[] {
  return list
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}

function explainFiles(directory: string, question: Question): Explanation {
  const snapshot = loadOrFail(directory);
  return { ...explainCall(idleSwitch(snapshot), question), filesHash: snapshot.hash };
}

async function askLive(directory: string, question: LiveQuestion): Promise<Explanation> {
  const { from, atMs, seed, ...rest } = question;
  const explanation = (await askSwitch(directory, 'POST', '/explain', {
    ...rest,
    ...(from.kind === 'gateway' ? { via: from.name } : { address: from.address, port: from.port }),
    ...(atMs === null ? {} : { at: new Date(atMs).toISOString() }),
    ...(seed === null ? {} : { seed }),
  })) as Explanation;
  return { ...explanation, filesHash: loadConfiguration(directory).snapshot?.hash ?? null };
}

/** null when nothing is expected. */
function expectedOf(args: Arguments): readonly string[] | null {
  const text = args.value('expect');
  if (text === undefined) return null;
  if (text.trim() === 'none') return [];
  const names = namesOf(text);
  // A variable that a script forgot to set must not pass for the wish that the call fails.
  if (names.length === 0) throw new UsageError('--expect names no gateway; write none when none is expected');
  return names;
}

function checkExpectation(wanted: readonly string[], explanation: Explanation, io: Io): number {
  const found = explanation.rejected === null ? explanation.attempts.map(({ gateway }) => gateway) : [];
  if (wanted.join() === found.join()) return exitCodes.ok;
  io.err(`expected ${listText(wanted)}\n   found ${listText(found)}\n`);
  return exitCodes.unexpected;
}

function listText(names: readonly string[]): string {
  return names.length === 0 ? 'no gateway' : names.join(', ');
}
