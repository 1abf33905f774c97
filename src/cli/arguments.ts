/**
 * Reads the arguments of one command. Not node's parseArgs, which takes a negative amount for options and cannot say
 * which option was meant.
 */
import { suggest } from '../config/schema/suggest.ts';

/** The command line is wrong: nothing was done. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export interface ArgumentSpec {
  /** Options by name without dashes; `flag` takes no value. */
  readonly options: Readonly<Record<string, 'value' | 'flag'>>;
  /** Names of the arguments that stand without a name. */
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** Any number of arguments may follow. */
  readonly rest?: boolean;
}

export class Arguments {
  readonly #values: ReadonlyMap<string, string>;
  readonly #flags: ReadonlySet<string>;
  readonly positionals: readonly string[];

  constructor(
    values: ReadonlyMap<string, string>,
    flags: ReadonlySet<string>,
    positionals: readonly string[],
  ) {
    this.#values = values;
    this.#flags = flags;
    this.positionals = positionals;
  }

  value(name: string): string | undefined {
    return this.#values.get(name);
  }

  flag(name: string): boolean {
    return this.#flags.has(name);
  }

  /** @throws UsageError when it is no whole number from `least` to `most`. */
  wholeNumber(name: string, least: number, most: number): number | undefined {
    const text = this.value(name);
    if (text === undefined) return undefined;
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }

  /** ms since 1970 UTC. @throws UsageError when it is no ISO 8601 date or time. */
  time(name: string): number | undefined {
    const text = this.value(name);
    if (text === undefined) return undefined;
    const isIso =
      /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text);
    const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
    const atMs = isIso ? Date.parse(hasZone || text.length === 10 ? text : `${text}Z`) : Number.NaN;
    if (!Number.isNaN(atMs) && isDay(text.slice(0, 10))) return atMs;
    throw new UsageError(
      `--${name} must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z, not "${text}"`,
    );
  }
}

/** Whether the calendar has this `2026-01-31`. To Date, 30 February is 2 March. */
function isDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

/** @throws UsageError */
export function parseArguments(args: readonly string[], spec: ArgumentSpec): Arguments {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const positionals: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index]!;
    if (argument === '--') {
      positionals.push(...args.slice(index + 1));
      break;
    }
    // A minus before a digit belongs to an amount, and one alone is standard input.
    if (!argument.startsWith('-') || argument === '-' || /^-\.?\d/.test(argument)) {
      positionals.push(argument);
      continue;
    }
    const { name, inline } = optionOf(argument, spec);
    if (spec.options[name] === 'flag') {
      if (inline !== undefined) throw new UsageError(`--${name} takes no value`);
      flags.add(name);
      continue;
    }
    if (values.has(name)) throw new UsageError(`--${name} is given twice`);
    if (inline === undefined) index += 1;
    const value = inline ?? args[index];
    if (value === undefined || (inline === undefined && value.startsWith('--'))) {
      throw new UsageError(`--${name} needs a value`);
    }
    values.set(name, value);
  }
  checkPositionals(positionals, spec);
  return new Arguments(values, flags, positionals);
}

function optionOf(
  argument: string,
  spec: ArgumentSpec,
): { readonly name: string; readonly inline: string | undefined } {
  const match = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(argument);
  const name = match?.[1];
  if (name !== undefined && Object.hasOwn(spec.options, name)) return { name, inline: match?.[2] };
  const similar = suggest(argument.replace(/^-+/, '').replace(/=.*$/s, ''), Object.keys(spec.options));
  throw new UsageError(
    `unknown option ${argument}${similar === null ? '' : ` (did you mean --${similar}?)`}`,
  );
}

function checkPositionals(positionals: readonly string[], spec: ArgumentSpec): void {
  const missing = spec.required[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  if (spec.rest === true) return;
  const most = spec.required.length + (spec.optional?.length ?? 0);
  if (positionals.length > most) throw new UsageError(`"${positionals[most]}" is one argument too many`);
}
