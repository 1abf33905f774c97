/** Large changes that a configuration itself says are meant: `plan.allow` of switch.yaml. */
import type { Snapshot } from '../../config/snapshot.ts';
import { parameterPlace } from '../../routing/setting-place.ts';
import type { Place } from '../plan.ts';
import { type ExtentName, extents } from './extents.ts';

export interface Allowance {
  readonly extent: ExtentName;
  /** As somebody wrote it for the reviewers. */
  readonly reason: string;
  readonly place: Place;
  /**
   * It came with this change, and so it is about it. One that both sides have was for an earlier change and allows
   * nothing any more.
   */
  readonly counts: boolean;
}

export function allowancesOf(before: Snapshot, after: Snapshot): readonly Allowance[] {
  return extents.flatMap(extent => {
    const reason = after.switch.plan?.allow[extent] ?? null;
    if (reason === null) return [];
    const { file, line } = parameterPlace(after.parameters, `plan.allow.${extent}`);
    const counts = wordsOf(reason) !== wordsOf(before.switch.plan?.allow[extent] ?? '');
    return [{ extent, reason, place: { file, line }, counts }];
  });
}

/** Another layout of the same words is no other reason. */
function wordsOf(reason: string): string {
  return reason.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
