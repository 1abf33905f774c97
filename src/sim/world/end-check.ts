/** What must hold as soon as no call is up. */
import type { SnapshotView } from '../../call/gateway-state.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { moneyText, noMoney } from '../../rating/money.ts';
import type { Books } from './books.ts';
import type { Limits } from './limits.ts';
import type { SimulatedCore } from './play-options.ts';
import type { Usage } from './usage.ts';
import type { Violations } from './violations.ts';

/** The switch may know of no call any more, and be woken for nothing but its questions to gateways. */
export function checkNothingLeft(
  core: SimulatedCore,
  snapshots: readonly (Snapshot | null)[],
  violations: Violations,
): void {
  const left = core.calls().length;
  if (left > 0) violations.add('callsLeft', `No call is up, and the switch knows ${left}.`);
  const deadlineMs = core.nextDeadlineMs();
  const asks = snapshots.some(snapshot => snapshot?.routingGateways.some(({ optionsCheck }) => optionsCheck));
  if (deadlineMs === null || asks) return;
  const at = new Date(deadlineMs).toISOString();
  violations.add('timerLeft', `No call is up, and the switch wants to be woken at ${at}.`);
}

/** Nothing may still be in use or held, and the switch must know the same money as the store. */
export function checkQuiet(view: SnapshotView, limits: Limits, books: Books, violations: Violations): void {
  const lines = (states: readonly State[], usages: ReadonlyMap<string, Usage>): void => {
    for (const { name, active } of states) {
      const expected = usages.get(name)?.active ?? 0;
      if (active === expected) continue;
      const detail = `No call is up, and ${active} lines of ${name} are in use instead of ${expected}.`;
      violations.add('linesLeaked', detail);
    }
  };
  lines(view.mappingGateways, limits.mapping);
  lines(view.routingGateways, limits.routing);
  lines(view.accounts, limits.accounts);
  lines(view.groups, limits.groups);
  for (const { name, held, balance } of view.accounts) {
    if (held !== noMoney) {
      violations.add('holdLeaked', `No call is up, and ${moneyText(held)} of ${name} are held.`);
    }
    const stored = books.balances.get(name) ?? noMoney;
    if (balance !== stored) {
      const detail = `The switch believes that ${name} has ${moneyText(balance)}, and the store knows ${moneyText(stored)}.`;
      violations.add('balanceWrong', detail);
    }
  }
}

interface State {
  readonly name: string;
  readonly active: number;
}
