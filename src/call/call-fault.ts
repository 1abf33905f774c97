/** A bug of ours that showed in one call. */
export interface CallFault {
  readonly callId: string;
  readonly error: unknown;
  /** The call was ended in order, with its record. Otherwise it is forgotten, and its legs are still up. */
  readonly ended: boolean;
}
