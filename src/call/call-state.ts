/** What a call is doing; call.ts draws how one state follows another. */
import type { Attempt } from './attempt.ts';
import type { Choice } from './hunt.ts';
import type { Talk } from './talk.ts';

export interface Choosing {
  readonly in: 'choosing';
  readonly choice: Choice;
}

export interface Attempting {
  readonly in: 'attempting';
  readonly choice: Choice;
  readonly attempt: Attempt;
}

export interface Answered {
  readonly in: 'answered';
  readonly attempt: Attempt;
  readonly talk: Talk;
}

export type State = { readonly in: 'arriving' } | Choosing | Attempting | Answered | { readonly in: 'ended' };

export const arriving: State = { in: 'arriving' };
export const ended: State = { in: 'ended' };
