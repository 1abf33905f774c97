/** Shows again and again what a running switch says. */
import { UnreachableError } from '../control/client.ts';
import { realTimers } from '../live/clock.ts';
import { exitCodes, type Io } from './io.ts';

const everyMs = 1000;
const clearScreen = '\u001b[2J\u001b[3J\u001b[H';

/**
 * Until a signal ends it. A switch that does not answer, because it is being restarted, is asked again; it must have
 * answered once. `lines` are for programs, whatever they are shown on.
 */
export async function watchSwitch(
  io: Io,
  show: () => Promise<string>,
  onto: 'screen' | 'lines' = 'screen',
): Promise<number> {
  let ended = false;
  let wake = (): void => {};
  const end = (): void => {
    ended = true;
    wake();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    let text = await show();
    for (;;) {
      if (text !== '') io.out(io.colour && onto === 'screen' ? `${clearScreen}${text}` : text);
      await new Promise<void>(resolve => {
        const cancel = realTimers.after(everyMs, resolve);
        wake = () => {
          cancel();
          resolve();
        };
      });
      if (ended) return exitCodes.ok;
      text = await show().catch((error: unknown) => {
        if (!(error instanceof UnreachableError)) throw error;
        if (onto === 'screen') return `${error.message}\n`;
        io.err(`${error.message}\n`);
        return '';
      });
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  }
}
