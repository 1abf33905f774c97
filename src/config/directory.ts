/** A whole configuration, parsed file by file. */
import type {
  ParsedAccount,
  ParsedCalendar,
  ParsedMappingGateway,
  ParsedObject,
  ParsedRateTable,
  ParsedRoutingGateway,
  ParsedSwitch,
} from './parsed.ts';
import type { ParsedGatewayGroup, ParsedLrnTable, ParsedNumberList } from './parsed-routing.ts';

/** Objects of one kind in the order of their indexes. */
export class Named<T extends ParsedObject> {
  readonly all: readonly T[];
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(all: readonly T[]) {
    this.all = all;
    this.#indexes = new Map(all.map(({ name }, index) => [name, index]));
  }

  get(name: string): T | null {
    const index = this.#indexes.get(name);
    return index === undefined ? null : this.all[index]!;
  }

  /** -1 when there is none of this name. */
  indexOf(name: string): number {
    return this.#indexes.get(name) ?? -1;
  }

  get names(): Iterable<string> {
    return this.#indexes.keys();
  }
}

export interface ParsedDirectory {
  readonly switch: ParsedSwitch;
  readonly mappingGateways: Named<ParsedMappingGateway>;
  readonly routingGateways: Named<ParsedRoutingGateway>;
  readonly accounts: Named<ParsedAccount>;
  readonly rateTables: Named<ParsedRateTable>;
  readonly calendars: Named<ParsedCalendar>;
  readonly gatewayGroups: Named<ParsedGatewayGroup>;
  readonly numberLists: Named<ParsedNumberList>;
  readonly lrnTables: Named<ParsedLrnTable>;
}
