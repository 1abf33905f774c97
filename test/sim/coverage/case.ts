/** Calls that cover an element, calls that come near and do not, and networks to play them in. */
import type { InviteInput } from '../../../src/call/inputs.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { CoverageKindName } from '../../../src/sim/coverage/kinds.ts';
import { network } from '../../call/networks.ts';
import { startMs } from '../../call/world.ts';
import { dailyCalendar } from '../../support/calendars.ts';
import { buildSnapshot, type SnapshotDescription } from '../../support/snapshot-builder.ts';
import type { WatchedCalls } from './watched-calls.ts';

export type Play = (calls: WatchedCalls) => void;

export interface Case {
  readonly kind: CoverageKindName;
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly covers: Play;
  readonly comesNear: Play;
}

export const dials =
  (given: Partial<InviteInput> = {}): Play =>
  calls => {
    calls.invite(given);
  };

export const fails =
  (status: number, given: Parameters<WatchedCalls['fails']>[3] = {}): Play =>
  calls => {
    const call = calls.invite();
    calls.fails(call, 0, status, given);
    calls.give({ type: 'callerCancel', callId: call });
  };

export const plain = network();
export const elsewhere = { source: { address: '198.51.100.9', port: 5060, transport: 'udp' } } as const;
export const minuteOfDay = Math.floor((startMs % 86_400_000) / 60_000);
export const nowCalendar = dailyCalendar('now', minuteOfDay - 5, minuteOfDay + 5);
export const later: Play = calls => {
  calls.pass(3_600_000);
  calls.talk(1);
};
export const talks: Play = calls => calls.talk(1);

/** Alice and Victor, with what `network` has no room for. */
export function wider(description: Partial<SnapshotDescription>): Snapshot {
  return buildSnapshot({
    mappingGateways: [{ name: 'alice-in', account: 'alice', addresses: ['192.0.2.1'] }],
    routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'] }],
    accounts: [
      { name: 'alice', rateTable: 'retail', overdraftLimit: '100' },
      { name: 'victor', rateTable: 'wholesale', overdraftLimit: '100' },
    ],
    rates: [
      { name: 'retail', rows: [{ prefix: '44', rate: '0.06', increments: '1/1' }] },
      { name: 'wholesale', rows: [{ prefix: '44', rate: '0.03', increments: '1/1' }] },
    ],
    ...description,
  });
}
