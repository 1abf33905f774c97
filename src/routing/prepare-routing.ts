/** What routing works out once for a snapshot, done before its first call. */
import type { Snapshot } from '../config/snapshot.ts';
import { prepareIngressIndex } from './ingress.ts';
import { prepareRouteIndex } from './select-route.ts';

/**
 * One small thing after the other, for whoever must not be held up: calls are decided the same with it, without it, and
 * in the middle of it. `atMs` (ms since 1970 UTC) is about when the first call comes.
 */
export function* prepareRouting(snapshot: Snapshot, atMs: number): Generator<void, void> {
  yield* prepareIngressIndex(snapshot);
  yield* prepareRouteIndex(snapshot, atMs);
}
