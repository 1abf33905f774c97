/** What the switch is built for. A configuration beyond it is refused with a diagnostic instead of filling the memory. */
export interface Limits {
  /** Largest YAML file. */
  readonly yamlBytes: number;
  /** Largest CSV deck. */
  readonly deckBytes: number;
  /** Deepest nesting of a YAML file. */
  readonly yamlDepth: number;
  /** Most values that the aliases of one YAML file may stand for. */
  readonly aliasedValues: number;
  /** Most routing gateways: route tables keep their index in 16 bits. */
  readonly routingGateways: number;
  /** Findings of the schema listed for one YAML file before the rest is only counted. */
  readonly findingsPerFile: number;
  /** Findings listed for one deck before the rest is only counted. */
  readonly findingsPerDeck: number;
}

export const defaultLimits: Limits = {
  yamlBytes: 16 * 1024 * 1024,
  deckBytes: 256 * 1024 * 1024,
  yamlDepth: 32,
  aliasedValues: 10_000,
  routingGateways: 65_536,
  findingsPerFile: 100,
  findingsPerDeck: 20,
};
