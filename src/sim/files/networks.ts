/** Networks: circumstances with a name, which extend one another. */

import type { Findings } from '../../config/findings.ts';
import { didYouMean } from '../../config/schema/suggest.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { TextAt } from './nodes.ts';
import type { Circumstances } from './settings.ts';

export interface ParsedNetwork extends Circumstances {
  readonly name: string;
  readonly place: Place;
  readonly extends: TextAt | null;
}

export class Networks {
  readonly #known = new Map<string, ParsedNetwork>();
  readonly #layers = new Map<string, readonly Circumstances[]>();
  readonly #findings: Findings;
  /** One line may be looked up for each scenario of a file. */
  readonly #missing = new Set<TextAt>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  add(networks: readonly ParsedNetwork[]): void {
    for (const network of networks) {
      const other = this.#known.get(network.name);
      if (other === undefined) {
        this.#known.set(network.name, network);
        continue;
      }
      const related = [{ ...other.place, message: 'the other one' }];
      this.#findings.add('C4703', network.place, `there is a network "${network.name}" already`, { related });
    }
  }

  /** Whether all of them are here, with all that they extend. */
  holdsAll(names: readonly string[]): boolean {
    const wanted = [
      ...names,
      ...[...this.#known.values()].flatMap(({ extends: other }) => other?.text ?? []),
    ];
    return wanted.every(name => this.#known.has(name));
  }

  /** Looks for what is wrong between the networks, whoever uses them. */
  check(): void {
    for (const network of this.#known.values()) this.#layersOf(network, []);
  }

  /** Nearest first; none, with a finding, when there is no such network. */
  layersOf(name: TextAt | null): readonly Circumstances[] {
    const network = name === null ? null : this.#find(name);
    return network === null ? [] : this.#layersOf(network, []);
  }

  #layersOf(network: ParsedNetwork, within: readonly ParsedNetwork[]): readonly Circumstances[] {
    const known = this.#layers.get(network.name);
    if (known !== undefined) return known;
    if (within.includes(network)) {
      const circle = within.slice(within.indexOf(network));
      const message = `the network extends itself: ${[...circle, network].map(({ name }) => name).join(' → ')}`;
      this.#findings.add('C4704', circle.at(-1)!.extends!.place, message);
      return [];
    }
    const other = network.extends === null ? null : this.#find(network.extends);
    const layers = [network, ...(other === null ? [] : this.#layersOf(other, [...within, network]))];
    this.#layers.set(network.name, layers);
    return layers;
  }

  #find(name: TextAt): ParsedNetwork | null {
    const { text, place } = name;
    const network = this.#known.get(text);
    if (network !== undefined) return network;
    if (this.#missing.has(name)) return null;
    this.#missing.add(name);
    const hint = {
      hint: 'Networks are those of the files that are played, and of all files below ci/scenarios/.',
    };
    this.#findings.add(
      'C4701',
      place,
      `there is no network "${text}"${didYouMean(text, this.#known.keys())}`,
      hint,
    );
    return null;
  }
}
