import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks again until `probe` gives something other than undefined. Real processes have no other way to be waited
 * for; a fixed sleep would be both slower and less certain.
 *
 * @throws when it takes longer than `timeoutMs`; `what` completes the sentence "gave up waiting until …".
 */
export async function until<Found>(
  what: string,
  probe: () => Promise<Found | undefined> | Found | undefined,
  timeoutMs = 20_000,
): Promise<Found> {
  const giveUpAtMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`gave up waiting until ${what}`);
    await wait(20);
  }
}
