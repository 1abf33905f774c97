/**
 * `# class4-ignore C4510: the second vendor signs in May` says that a warning is known and wanted. This file decides
 * what each such comment silences, and complains of those that silence nothing.
 */
import { type Code, catalogue, retiredCodes } from '../../diagnostics/codes.ts';
import { diagnose } from '../../diagnostics/collect.ts';
import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import type { ScopedComment } from '../read/comments.ts';
import { didYouMean } from '../schema/suggest.ts';
import { type LintFinding, listOf } from './finding.ts';

/** The comments of one file, and the deck that it names. */
export interface CommentedFile {
  readonly comments: readonly ScopedComment[];
  readonly deck: { readonly path: string; readonly place: Place } | null;
}

interface Ignore {
  readonly code: Code;
  readonly place: Place;
  used: boolean;
}

/** The lines of one file about which a comment speaks, both included. */
interface Scope {
  readonly ignore: Ignore;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** They speak about the comments themselves. */
const neverSilenced: ReadonlySet<string> = new Set(['C4501', 'C4502', 'C4503', 'C4504']);

const syntax = /^class4-ignore\s+([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*(?::\s*(.*))?$/;

export class Ignores {
  /** By the file whose findings they silence. */
  readonly #byFile = new Map<string, Scope[]>();
  readonly #all: Ignore[] = [];
  readonly #problems: Diagnostic[] = [];
  #silenced = 0;

  constructor(files: Iterable<CommentedFile>) {
    for (const { comments, deck } of files) {
      for (const comment of comments) {
        for (const ignore of this.#read(comment)) {
          this.#all.push(ignore);
          const { firstLine, lastLine } = comment;
          this.#silenceIn(comment.place.file, { ignore, firstLine, lastLine });
          // A deck cannot hold comments, so what speaks about its name speaks about the deck.
          if (deck === null || !covers(comment, deck.place)) continue;
          this.#silenceIn(deck.path, { ignore, firstLine: 1, lastLine: Number.POSITIVE_INFINITY });
        }
      }
    }
  }

  /** What is wrong with the comments as such. */
  get problems(): readonly Diagnostic[] {
    return this.#problems;
  }

  /** How many findings were silenced so far. */
  get silenced(): number {
    return this.#silenced;
  }

  /** The diagnostics that nobody silenced. */
  filter(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    if (this.#all.length === 0) return diagnostics;
    return diagnostics.filter(({ code, severity, place }) => {
      if (severity === 'error' || neverSilenced.has(code) || !this.#silences(code, place)) return true;
      this.#silenced++;
      return false;
    });
  }

  /** The diagnostic of a finding about those of its items that nobody silenced, or null. */
  report(finding: LintFinding): Diagnostic | null {
    const { code, hint } = finding;
    const items = finding.items.filter(({ place }) => !this.#silences(code, place));
    if (items.length < finding.items.length) this.#silenced++;
    const [first] = items;
    if (first === undefined) return null;
    const { related } = first;
    const count = items.length + finding.unlisted;
    const labels = listOf(
      items.map(({ label }) => label),
      count,
    );
    return diagnose(code, first.place, finding.say(labels, count), {
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined ? {} : { related }),
    });
  }

  /** Complaints of what has silenced nothing; to be asked when everything has been reported. */
  unused(): Diagnostic[] {
    return this.#all
      .filter(({ used }) => !used)
      .map(({ place, code }) => diagnose('C4503', place, `there is no ${code} here to ignore`));
  }

  #silences(code: string, place: Place): boolean {
    let silenced = false;
    for (const scope of this.#byFile.get(place.file) ?? []) {
      if (scope.ignore.code !== code || !covers(scope, place)) continue;
      scope.ignore.used = true;
      silenced = true;
    }
    return silenced;
  }

  #read(comment: ScopedComment): Ignore[] {
    const match = syntax.exec(comment.text);
    if (match === null) {
      this.#problems.push(diagnose('C4501', comment.place, 'the comment is not of the form it must have'));
      return [];
    }
    const [, codes = '', reason = ''] = match;
    if (reason.trim() === '') {
      this.#problems.push(diagnose('C4501', comment.place, `why ${codes} is ignored must be said`));
      return [];
    }
    return codes.split(/\s*,\s*/).flatMap(text => {
      const code = this.#code(text, comment.place);
      return code === null ? [] : [{ code, place: comment.place, used: false }];
    });
  }

  #code(text: string, place: Place): Code | null {
    if (!Object.hasOwn(catalogue, text)) {
      const retired = Object.hasOwn(retiredCodes, text) ? retiredCodes[text]! : null;
      const message =
        retired === null
          ? `there is no code ${text}${didYouMean(text, Object.keys(catalogue))}`
          : `${text} is not given any more since ${retired.retiredIn}: ${retired.reason}`;
      this.#problems.push(diagnose('C4502', place, message));
      return null;
    }
    const code = text as Code;
    if (catalogue[code].severity === 'error') {
      this.#problems.push(diagnose('C4504', place, `${code} is an error and cannot be ignored`));
      return null;
    }
    if (neverSilenced.has(code)) {
      this.#problems.push(
        diagnose('C4504', place, `${code} is about comments like this one and cannot be ignored`),
      );
      return null;
    }
    return code;
  }

  #silenceIn(file: string, scope: Scope): void {
    const others = this.#byFile.get(file);
    if (others === undefined) this.#byFile.set(file, [scope]);
    else others.push(scope);
  }
}

function covers(scope: Omit<Scope, 'ignore'>, place: Place): boolean {
  return scope.firstLine <= place.line && place.line <= scope.lastLine;
}
