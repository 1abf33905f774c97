/** Where other routes can make a difference for one customer: those of gateways that may carry its calls. */
import type { MappingGateway, Snapshot } from '../../config/snapshot.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { mayCarry } from '../../routing/static-rules.ts';
import { trieOfTexts } from '../space/prefix-texts.ts';

/** With more gateways that are others, customers are not told apart: most of them may use some of these anyhow. */
const mostGateways = 32;

export class CustomerRoutes {
  readonly #sides: readonly Snapshot[];
  readonly #byGateway: ReadonlyMap<string, readonly string[]>;
  /** By the names of gateways. */
  readonly #tries = new Map<string, PrefixTrie>();

  /** `byGateway` are the prefixes that are others, by the names of their gateways. */
  constructor(before: Snapshot, after: Snapshot, byGateway: ReadonlyMap<string, readonly string[]>) {
    this.#sides = [before, after];
    this.#byGateway = byGateway;
  }

  trieFor({
    before,
    after,
  }: {
    readonly before: MappingGateway;
    readonly after: MappingGateway;
  }): PrefixTrie {
    const all = [...this.#byGateway.keys()];
    if (all.length > mostGateways) return this.#trieOf(all);
    const gateways = [before, after];
    const counts = (name: string) =>
      this.#sides.some((side, place) => countsFor(side, gateways[place]!, name));
    return this.#trieOf(all.filter(counts));
  }

  #trieOf(names: readonly string[]): PrefixTrie {
    const key = names.join('\n');
    let trie = this.#tries.get(key);
    if (trie === undefined) {
      trie = trieOfTexts(names.flatMap(name => this.#byGateway.get(name)!));
      this.#tries.set(key, trie);
    }
    return trie;
  }
}

/** A gateway that may not carry the calls leaves no trace in them, unless chance is asked by what number it is rated. */
function countsFor(side: Snapshot, mapping: MappingGateway, name: string): boolean {
  const gateway = side.routingGateways.find(one => one.name === name);
  return gateway !== undefined && (gateway.rateByNumberSent || mayCarry(side, mapping, gateway));
}
