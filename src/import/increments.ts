/** Billing increments as vendors write them. */
import { type Increments, parseIncrements, parseSeconds } from '../config/parse/rate-values.ts';

const longestSeconds = 999_999;

/** `30/6`, `30+6`, `30-6`, `30:6`, `60`, `per second`; null for anything else. Each is at least one second. */
export function readIncrements(text: string): Increments | null {
  const pair = /^(\d+)\s*s?\s*[/+\-:|]\s*(\d+)\s*s?$/i.exec(text);
  if (pair !== null) return parseIncrements(`${pair[1]}/${pair[2]}`);
  const seconds = readSeconds(text);
  if (seconds !== null) return { firstSeconds: seconds, nextSeconds: seconds };
  if (/^per[ -]?sec(?:ond)?$/i.test(text)) return { firstSeconds: 1, nextSeconds: 1 };
  if (/^per[ -]?min(?:ute)?$/i.test(text)) return { firstSeconds: 60, nextSeconds: 60 };
  return null;
}

/** `60`, `60 s`, `60 sec`; null for anything else. */
export function readSeconds(text: string): number | null {
  const match = /^(\d+)\s*(?:s|secs?|seconds?)?$/i.exec(text);
  return match === null ? null : parseSeconds(match[1]!, longestSeconds);
}
