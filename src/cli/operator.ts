/** Who types a command, for those who read later what was decided. */
import { hostname, userInfo } from 'node:os';
import type { Io } from './io.ts';

/**
 * `user@host`. The control socket belongs to the user of the switch, so that operators come by sudo: the name of the
 * person says more than that of the service.
 */
export function operatorOf(io: Io): string {
  const user = systemUser();
  const person = io.env['SUDO_USER'];
  const isPerson = person !== undefined && person !== '' && person !== user;
  return `${isPerson ? `${person} as ${user}` : user}@${hostname()}`;
}

/** A container may run under a number that has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user-${process.getuid?.() ?? 'unknown'}`;
  }
}
