/** Which snapshots the calls in progress go by. */
import type { Snapshot } from '../config/snapshot.ts';
import type { Call } from './call.ts';
import type { SnapshotView, SwitchState } from './gateway-state.ts';

export function viewsInUse(calls: Iterable<Call>): ReadonlySet<SnapshotView> {
  const views = new Set<SnapshotView>();
  for (const { facts } of calls) views.add(facts.view);
  return views;
}

export interface OldSnapshots {
  readonly snapshots: number;
  readonly calls: number;
}

/** Snapshots that new calls do not get any more, and the calls that still go by them. */
export function oldSnapshots(calls: Iterable<Call>, { view, canary }: SwitchState): OldSnapshots {
  const old = new Set<Snapshot>();
  let count = 0;
  for (const { facts } of calls) {
    const { snapshot } = facts.view;
    if (snapshot === view.snapshot || snapshot === canary?.view.snapshot) continue;
    old.add(snapshot);
    count++;
  }
  return { snapshots: old.size, calls: count };
}
