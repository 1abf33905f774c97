import type { SwitchSettings } from './snapshot.ts';

/**
 * Keys of switch.yaml that are read once, at the start, and differ: what a running switch says that it needs a restart
 * for, and what a plan says so of. Their schemas have `x-restart`.
 */
export function restartKeys(boot: SwitchSettings, next: SwitchSettings): readonly string[] {
  return Object.entries(readAtStart)
    .filter(([, read]) => JSON.stringify(read(boot)) !== JSON.stringify(read(next)))
    .map(([key]) => key);
}

const readAtStart: Readonly<Record<string, (settings: SwitchSettings) => unknown>> = {
  'sip.listen': ({ sip }) => sip.listen,
  'sip.server': ({ sip }) => sip.server,
  'store.path': ({ store }) => store.path,
};
