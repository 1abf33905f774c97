/**
 * Keeps secrets out of the source lines that are shown with findings. Secrets do not belong into the files, so a line
 * that may hold one is most often itself the finding; what follows a key that looks like one is hidden, as is
 * everything that could belong to its value. The text may be broken YAML: in doubt a line is hidden.
 */
import { suggest } from '../config/schema/suggest.ts';

const secretWords = ['secret', 'password', 'passphrase', 'passwd', 'token', 'credential', 'credentials'];
const partsOfSecretWords = /secret|passw|passphrase|pwd|token|credential|apikey|api_key/i;
const keys = /(?:^|[\s,{[?-])(["']?)([A-Za-z_][\w-]*)\1\s*:(?=\s|$|["'])|^\s*\?\s*(["']?)([A-Za-z_][\w-]*)/g;

/** Goes through the lines of one YAML file from the first on. */
export class SecretHider {
  /** Lines indented deeper than this belong to the value of a secret; null outside of one. */
  #indentation: number | null = null;
  #unfinished = false;

  /** What may be shown of the next line; null for nothing. */
  next(line: string): string | null {
    const indentation = line.length - line.trimStart().length;
    if (this.#unfinished) return null;
    if (this.#indentation !== null && line.trim() !== '') {
      if (indentation > this.#indentation || /^\s*[:}\]"']/.test(line)) return null;
      this.#indentation = null;
    }
    for (const match of line.matchAll(keys)) {
      const name = match[2] ?? match[4]!;
      if (!looksSecret(name)) continue;
      const end = match.index + match[0].length;
      this.#indentation = indentation;
      this.#unfinished = isUnfinished(line.slice(end));
      return line.slice(end).trim() === '' ? line : `${line.slice(0, end)} …`;
    }
    return line;
  }
}

/** Whether a key is, or is nearly, a name under which a secret could stand. */
export function looksSecret(name: string): boolean {
  if (partsOfSecretWords.test(name)) return true;
  return name.length > 4 && suggest(name, secretWords) !== null;
}

/** A quotation that does not end on its line may go on anywhere. */
function isUnfinished(value: string): boolean {
  const start = /^\s*(?:[{[]\s*\w+\s*:\s*)?(["'])/.exec(value);
  if (start === null) return false;
  return (value.split(start[1]!).length - 1) % 2 === 1;
}
