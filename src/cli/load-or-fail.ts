import { loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { ConfigurationError } from './configuration-error.ts';

/** @throws ConfigurationError */
export function loadOrFail(directory: string): Snapshot {
  const { snapshot, diagnostics } = loadConfiguration(directory);
  if (snapshot !== null) return snapshot;
  throw new ConfigurationError(
    diagnostics.filter(({ severity }) => severity === 'error'),
    directory,
  );
}
