import type { Source } from '../config/snapshot.ts';

/** `file:line` */
export function placeText({ file, line }: Source): string {
  return `${file}:${line}`;
}
