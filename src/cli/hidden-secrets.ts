/**
 * Keeps secrets out of the source lines that are shown with findings. Secrets do not belong into the files, so a line
 * that may hold one is most often itself the finding; what follows a key that looks like one is hidden, as is
 * everything that could belong to its value. The text may be broken YAML: in doubt a line is hidden.
 */
import { suggest } from '../config/schema/suggest.ts';
import { withoutCredentials } from '../config/schema/url-credentials.ts';

const secretWords = ['secret', 'password', 'passphrase', 'passwd', 'token', 'credential', 'credentials'];
const partsOfSecretWords =
  /secret|pass(?:$|w|phrase|[_\d-])|pwd|token|credential|api[_-]?key|private[_-]?key/i;
const keys = /(?:^|[\s,{[?-])(["']?)([A-Za-z_][\w-]*)\1\s*:(?=\s|$|["'])|^\s*\?\s*(["']?)([A-Za-z_][\w-]*)/g;

/** A whole YAML file, line by line, as far as it may be shown. */
export function withoutSecrets(text: string): string {
  const hider = new SecretHider();
  return text
    .split('\n')
    .map(line => hider.next(line) ?? '…')
    .join('\n');
}

/** Goes through the lines of one YAML file from the first on. */
export class SecretHider {
  /** Lines indented deeper than this belong to the value of a secret; null outside of one. */
  #indentation: number | null = null;
  /** The key stood alone, so that the value is still to come. */
  #awaitsValue = false;
  /** Brackets that were open behind the key of a secret, and that have not been closed since. */
  #openBrackets = 0;
  #unfinished = false;

  /** What may be shown of the next line; null for nothing. */
  next(line: string): string | null {
    if (this.#unfinished || this.#isContinuation(line)) return null;
    const indentation = line.length - line.trimStart().length;
    for (const match of line.matchAll(keys)) {
      const name = match[2] ?? match[4]!;
      if (!looksSecret(name)) continue;
      const end = match.index + match[0].length;
      const value = line.slice(end);
      this.#indentation = indentation;
      this.#awaitsValue = value.trim() === '';
      this.#openBrackets = Math.max(0, openBracketsOf(line));
      this.#unfinished = isUnfinished(value);
      return this.#awaitsValue ? line : `${line.slice(0, end)} …`;
    }
    return withoutCredentials(line);
  }

  #isContinuation(line: string): boolean {
    if (this.#openBrackets > 0) {
      this.#openBrackets += openBracketsOf(line);
      return true;
    }
    if (this.#indentation === null || line.trim() === '') return false;
    const indentation = line.length - line.trimStart().length;
    const isValue = this.#awaitsValue && !/^\s*["']?[\w-]+["']?\s*:(?:\s|$)/.test(line);
    if (isValue || indentation > this.#indentation || /^\s*[:}\]"']/.test(line)) {
      this.#awaitsValue = false;
      return true;
    }
    this.#indentation = null;
    this.#awaitsValue = false;
    return false;
  }
}

function openBracketsOf(line: string): number {
  return line.split(/[{[]/).length - line.split(/[}\]]/).length;
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
