/** What the main thread and the worker say to each other, and the options they share. */

export interface EdgeListen {
  readonly transport: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
}

export interface WorkerOptions {
  readonly listen: readonly EdgeListen[];
  readonly control: { readonly address: string; readonly port: number };
  readonly secret: string;
  readonly resendIntervalsMs: readonly number[];
}

export type ToWorker =
  | { readonly kind: 'sources'; readonly sources: readonly string[] | null }
  | { readonly kind: 'counters'; readonly id: number }
  | { readonly kind: 'close' };

export type FromWorker =
  | {
      readonly kind: 'ready';
      readonly control: { readonly address: string; readonly port: number };
      readonly listening: readonly EdgeListen[];
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'counters'; readonly id: number; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'closed' };
