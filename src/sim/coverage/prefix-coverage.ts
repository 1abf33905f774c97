/** Which prefixes of routing gateways led to an attempt. There may be millions, so they are counted in a column. */
import type { Snapshot } from '../../config/snapshot.ts';
import { walkMerged } from '../../prefixes/merged-walk.ts';
import { longestMatch } from '../../prefixes/prefix-trie.ts';
import { nextEntry } from '../../routing/route-table.ts';
import type { ElementVisitor } from './elements.ts';

// Filled by one search and read before it returns; never seen from outside.
const matchValue = new Int32Array(1);
const matchLength = new Int32Array(1);

export class PrefixCoverage {
  readonly #snapshot: Snapshot;
  readonly #hits: Uint32Array;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#hits = new Uint32Array(snapshot.routes.entryCount);
  }

  /** The gateway, by its index, was tried for this prefix of it. */
  tried(gateway: number, prefix: string): void {
    const { routes } = this.#snapshot;
    if (longestMatch(routes.trie, prefix, matchValue, matchLength) && matchLength[0] === prefix.length) {
      for (let entry = matchValue[0]!; entry >= 0; entry = nextEntry(routes, entry)) {
        if (routes.gateway[entry] !== gateway) continue;
        this.#hits[entry]!++;
        return;
      }
    }
    throw new Error(`gateway ${gateway} has no prefix ${prefix}`);
  }

  visit(each: ElementVisitor): void {
    const { routes, routingGateways } = this.#snapshot;
    walkMerged([routes.trie], {
      enter: ({ prefix, values }) => {
        for (let entry = values[0]!; entry >= 0; entry = nextEntry(routes, entry)) {
          const { name, source } = routingGateways[routes.gateway[entry]!]!;
          each({
            kind: 'prefix',
            name: `${name}: ${prefix === '' ? '(any)' : prefix}`,
            source: { file: source.file, line: routes.line[entry]!, column: 1 },
            hits: this.#hits[entry]!,
          });
        }
      },
      leave: () => {},
    });
  }
}
