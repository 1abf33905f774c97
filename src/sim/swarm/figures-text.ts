/** The figures of the swarm, for people. */
import { counted } from '../../diagnostics/count.ts';
import type { FailedRound, SwarmFigures } from './figures.ts';

const width = 100;

export function swarmText(figures: SwarmFigures): string {
  const { calls, rounds, only, answered, attempts, ends, events, failed } = figures;
  const played = only === null ? counted(rounds, 'round') : `round ${only}`;
  const lines = [
    `swarm: ${counted(calls, 'call')} in ${played}, ${counted(attempts, 'attempt')}, ${answered.toLocaleString('en-US')} answered`,
    ...listed('faults', events),
    ...listed('ends', ends),
    ...(failed === null ? ['no invariant broke'] : failedLines(failed)),
  ];
  return `${lines.join('\n')}\n`;
}

function failedLines({
  round,
  calls,
  events,
  file,
  callsLeft,
  eventsLeft,
  isRepeated,
}: FailedRound): readonly string[] {
  const from = `${counted(calls, 'call')} and ${counted(events, 'event')}`;
  const to = `${counted(callsLeft, 'call')} and ${counted(eventsLeft, 'event')}`;
  return [
    `an invariant broke in round ${round}: its ${from} were brought down to ${to}, now in ${file}`,
    ...(isRepeated ? [] : ['the file alone does not repeat it: play the round again with --round']),
  ];
}

/** `  faults: behaviour 99, reload 48`, on several lines when there are many. */
function listed(name: string, counts: ReadonlyMap<string, number>): readonly string[] {
  if (counts.size === 0) return [];
  const lines = [`  ${name}:`];
  const items = [...counts].map(([item, count]) => `${item} ${count.toLocaleString('en-US')}`);
  for (const [index, item] of items.entries()) {
    const text = index === items.length - 1 ? ` ${item}` : ` ${item},`;
    if (lines.at(-1)!.length + text.length > width) lines.push(' '.repeat(name.length + 3));
    lines[lines.length - 1] += text;
  }
  return lines;
}
