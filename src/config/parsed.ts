/**
 * What each file says, read but not yet connected: names still are names. A value that was missing or wrong is null,
 * and its diagnostic is written; nothing with a null in it is ever compiled.
 */
import type { Place } from '../diagnostics/diagnostic.ts';
import type { TextAt } from './parse/fields.ts';
import type { ParsedCallerPool, ParsedCustomerRouting, ParsedGateway } from './parsed-routing.ts';
import type { Stated } from './resolve/stated.ts';
import type {
  Calendar,
  CallRate,
  FailedReasonReplacements,
  Parameters,
  RateTable,
  SwitchSettings,
  Transport,
  ZoneOffsets,
} from './snapshot.ts';

export interface ParsedSwitch {
  readonly settings: SwitchSettings;
  readonly parameters: Parameters;
  readonly onNetNumbers: readonly TextAt[];
  readonly stated: Stated;
}

export interface ParsedNames {
  readonly kind: 'allow' | 'deny';
  readonly names: readonly TextAt[];
  readonly place: Place;
}

export interface ParsedPrefixes {
  readonly kind: 'allow' | 'deny';
  readonly prefixes: readonly string[];
  readonly place: Place;
}

/** Every object knows its name and the top of its file. */
export interface ParsedObject {
  readonly name: string;
  readonly place: Place;
}

export interface ParsedSource {
  readonly address: Uint8Array;
  readonly prefixBits: number;
  readonly port: number | null;
  readonly text: string;
  readonly place: Place;
}

export interface ParsedMappingGateway extends ParsedGateway, ParsedCustomerRouting {
  readonly account: TextAt | null;
  readonly authentication: 'ip' | 'ip-port';
  readonly addresses: readonly ParsedSource[];
  readonly callRate: CallRate | null;
  readonly callProceedingTimeoutMs: number | null;
  readonly replaceFailedReason: FailedReasonReplacements | null;
  readonly routingGateways: ParsedNames | null;
  readonly routingGatewayGroups: ParsedNames | null;
  readonly maxCallDurationSeconds: number | null;
  /** What the file itself says; what it inherits is found from this when it is compiled. */
  readonly stated: Stated;
}

export interface ParsedPrefix {
  readonly prefix: string;
  readonly expiration: boolean;
  readonly place: Place;
}

export interface ParsedRoutingGateway extends ParsedGateway {
  readonly clearingAccount: TextAt | null;
  readonly address: { readonly host: string; readonly port: number; readonly transport: Transport } | null;
  readonly prefixes: readonly ParsedPrefix[];
  readonly prefixMode: 'extension' | 'expiration';
  readonly priority: number;
  readonly protectRoute: boolean;
  readonly callRate: CallRate | null;
  readonly mappingGateways: ParsedNames | null;
  readonly mappingGatewayGroups: ParsedNames | null;
  readonly leastCostRouting: boolean;
  readonly rateByNumberSent: boolean;
  readonly callerPool: ParsedCallerPool | null;
  readonly optionsCheck: boolean;
  readonly checkRate: boolean;
  readonly checkRatePlace: Place;
  readonly stopCodes: readonly { readonly from: number; readonly to: number }[];
  readonly maxCallDurationSeconds: number | null;
  /** What the file itself says; what it inherits is found from this when it is compiled. */
  readonly stated: Stated;
}

export interface ParsedAccount extends ParsedObject {
  /** null when the file does not say, which has its own diagnostic. */
  readonly kind: 'customer' | 'vendor' | null;
  readonly kindPlace: Place;
  readonly locked: boolean;
  readonly overdraftLimit: bigint;
  readonly rateTable: TextAt | null;
  readonly timedRateTables: readonly { readonly calendar: TextAt; readonly rateTable: TextAt }[];
  readonly privateRateTable: TextAt | null;
  readonly unrated: boolean;
  readonly unratedPlace: Place;
  readonly validUntilMs: number | null;
  readonly lines: number | null;
  readonly callRate: CallRate | null;
  readonly maxCallDurationSeconds: number | null;
  /** The file has a finding, so what is absent may only be unreadable. */
  readonly incomplete: boolean;
  readonly stated: Stated;
}

export interface ParsedCalendar extends ParsedObject {
  /** null when there is no such time zone. */
  readonly zone: ZoneOffsets | null;
  readonly week: Calendar['week'];
  readonly exceptions: Calendar['exceptions'];
}

export interface ParsedRateTable extends ParsedObject {
  /** null when it has no usable rows. */
  readonly table: RateTable | null;
  /** What the hash of the configuration counts: everything a row means, or the deck's digest and how it is read. */
  readonly meaning: unknown;
}
