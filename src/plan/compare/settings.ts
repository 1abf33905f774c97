import type { Snapshot } from '../../config/snapshot.ts';
import type { SettingChange } from '../plan.ts';

export function settingChanges(_before: Snapshot, _after: Snapshot): SettingChange[] {
  return [];
}
