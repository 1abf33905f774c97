/** How the configuration of a reload differs from that of the run. Names are those of the run's. */
export interface ConfigurationChange {
  /** Routing gateways that it does not have. */
  readonly without: readonly string[];
  /** Line limits of routing gateways, at all times. */
  readonly lines: ReadonlyMap<string, number>;
  /** Line limits of mapping gateways, at all times. */
  readonly mappingLines: ReadonlyMap<string, number>;
  /** All prices of all rate tables, in percent of what they are: whole, from 0. */
  readonly pricePercent: number;
}
