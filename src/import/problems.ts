/** What is wrong with a vendor's file, and what was decided on the way that a person should know. */

export type ProblemKind =
  /** The file as a whole cannot be read as asked. */
  | 'file'
  | 'row'
  | 'prefix'
  | 'rate'
  | 'increments'
  | 'date'
  | 'status'
  | 'currency'
  /** Two rows give one prefix different prices for the same time. */
  | 'duplicate'
  | 'overlap';

export interface Problem {
  readonly kind: ProblemKind;
  /** Line in the vendor's file, from 1; null for the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}

export class Problems {
  readonly #all: Problem[] = [];
  readonly #notices = new Map<string, { count: number; readonly lines: number[] }>();

  get all(): readonly Problem[] {
    return this.#all;
  }

  /** The file as a whole cannot be imported. */
  refuse(message: string): null {
    this.#all.push({ kind: 'file', line: null, message });
    return null;
  }

  add(kind: ProblemKind, line: number, message: string): null {
    this.#all.push({ kind, line, message });
    return null;
  }

  /** Something that is no mistake but should be known; the same text counts once, with its lines. */
  notice(message: string, line: number | null = null): void {
    const known = this.#notices.get(message) ?? { count: 0, lines: [] };
    known.count++;
    if (line !== null && known.lines.length < 5) known.lines.push(line);
    this.#notices.set(message, known);
  }

  get notices(): readonly string[] {
    return [...this.#notices].map(([message, { count, lines }]) => {
      if (lines.length === 0) return message;
      const more = count > lines.length ? ', …' : '';
      return `${message} (${count === 1 ? 'line' : `${grouped(count)} lines:`} ${lines.join(', ')}${more})`;
    });
  }
}

export function grouped(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Text of the file as a message can show it. */
export function quoted(text: string): string {
  const plain = text.replace(/\s+/g, ' ');
  return `"${plain.length > 40 ? `${plain.slice(0, 39)}…` : plain}"`;
}
