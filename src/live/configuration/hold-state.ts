/** The hold of a running switch: while there is one, what sources find is checked and told, and not applied. */
import type { Hold } from '../../history/history.ts';
import type { Recording } from './decision-recorder.ts';

/** Who asks for a decision, and why. */
export interface Request {
  /** `user@host` */
  readonly by: string;
  readonly reason: string | null;
}

export interface HoldStatus extends Hold {
  /** False while the disk refuses it: it would not survive a restart. */
  readonly durable: boolean;
}

export class HoldState {
  readonly hold: Hold;
  #durable: boolean;

  /** `recording` is null for a hold that was read from the history. */
  constructor(hold: Hold, recording: Recording | null) {
    this.hold = hold;
    this.#durable = recording === null;
    void recording?.settled.then(durable => {
      this.#durable = durable;
    });
  }

  status(): HoldStatus {
    return { ...this.hold, durable: this.#durable };
  }
}
