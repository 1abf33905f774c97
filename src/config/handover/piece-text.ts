/**
 * What tells one piece from another. The bytes of a piece do not: equal values can differ in them, by how the engine
 * happens to keep their numbers and texts.
 */
import { createHash } from 'node:crypto';
import { PieceMark, type TypedArray } from './pieces.ts';

export class PieceText {
  readonly #numberOf: (array: TypedArray) => number;
  #text = '';

  constructor(numberOf: (array: TypedArray) => number) {
    this.#numberOf = numberOf;
  }

  open(bracket: '{' | '['): void {
    this.#text += bracket;
  }

  close(bracket: '}' | ']'): void {
    this.#text += bracket;
  }

  /** A key, an array of numbers, or a value that is no object. */
  add(value: unknown): void {
    switch (typeof value) {
      case 'string':
        // The length in front: no text can look like the end of another one.
        this.#text += `'${value.length} ${value}`;
        break;
      case 'number':
        this.#text += Object.is(value, -0) ? 'n-0' : `n${value}`;
        break;
      case 'bigint':
        this.#text += `i${value}`;
        break;
      case 'boolean':
      case 'undefined':
        this.#text += `${value}`;
        break;
      default:
        this.#text += value === null ? 'null' : this.#arrayText(value as TypedArray);
    }
  }

  digest(): string {
    return createHash('sha256').update(this.#text).digest('base64');
  }

  #arrayText(array: TypedArray): string {
    if (array instanceof PieceMark) return `#${array[0]}`;
    if (array.buffer instanceof SharedArrayBuffer) return `@${this.#numberOf(array)}`;
    return `${array.constructor.name}(${array.join(' ')})`;
  }
}
