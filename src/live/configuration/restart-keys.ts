import type { SwitchSettings } from '../../config/snapshot.ts';

/** Keys that are read once, at the start, and differ. */
export function restartKeys(boot: SwitchSettings, next: SwitchSettings): readonly string[] {
  const values: readonly (readonly [string, unknown, unknown])[] = [
    ['sip.listen', boot.sip.listen, next.sip.listen],
    ['sip.server', boot.sip.server, next.sip.server],
    ['store.path', boot.store.path, next.store.path],
  ];
  return values
    .filter(([, before, after]) => JSON.stringify(before) !== JSON.stringify(after))
    .map(([key]) => key);
}
