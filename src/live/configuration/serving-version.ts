/** Decides which configuration serves, and is the one place that puts it into service. */
import type { Snapshot, SwitchSettings } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import { restartKeys } from './restart-keys.ts';
import type { Candidate } from './source.ts';

export interface ServingVersionOptions {
  /** The snapshot that the switch was started with. */
  readonly initial: Snapshot;
  /** New calls use it when this returns. */
  readonly apply: (snapshot: Snapshot) => void;
  readonly log: Logger;
}

export type OfferOutcome = 'applied' | 'unchanged';

export class ServingVersion {
  readonly #options: ServingVersionOptions;
  readonly #boot: SwitchSettings;
  #current: Snapshot;

  constructor(options: ServingVersionOptions) {
    this.#options = options;
    this.#current = options.initial;
    this.#boot = options.initial.switch;
  }

  get current(): Snapshot {
    return this.#current;
  }

  /** Keys of switch.yaml in which what serves differs from what the switch was started with. */
  get restartNeeded(): readonly string[] {
    return restartKeys(this.#boot, this.#current.switch);
  }

  /** A source found a good configuration. */
  async offer({ snapshot }: Candidate): Promise<OfferOutcome> {
    const { log } = this.#options;
    const previousHash = this.#current.hash;
    const changed = snapshot.hash !== previousHash;
    // Files that were committed after they were edited mean the same, and records are to name the commit.
    if (changed || snapshot.commit !== this.#current.commit) this.#serve(snapshot);
    if (!changed) return 'unchanged';
    log.info('The configuration was reloaded; new calls use it', { hash: snapshot.hash, previousHash });
    this.#sayRestartNeeded();
    return 'applied';
  }

  #serve(snapshot: Snapshot): void {
    this.#options.apply(snapshot);
    this.#current = snapshot;
  }

  #sayRestartNeeded(): void {
    if (this.restartNeeded.length === 0) return;
    this.#options.log.warn('These settings take effect after a restart only', {
      settings: this.restartNeeded.join(', '),
    });
  }
}
