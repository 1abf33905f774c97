/** Conditions that a change has to meet to be taken without a second look. */
import { counted } from '../../diagnostics/count.ts';
import type { ChangedShare, Plan } from '../plan.ts';
import type { Allowance } from './allowances.ts';
import { type ExtentName, extents } from './extents.ts';
import { prefixesCount, prefixText } from './words.ts';

export const failures = ['unroutable', 'loss', 'changes'] as const;
export type Failure = (typeof failures)[number];

export interface GuardSettings {
  readonly failOn: readonly Failure[];
  /** Of the routes or rates that there were, 0–100: more may not be changed at once. */
  readonly limitPercent: number;
  /** Of what more may be changed this time, as the command says. */
  readonly allowed: readonly ExtentName[];
  /** As the configuration says. */
  readonly allowances: readonly Allowance[];
}

export interface GuardFinding {
  readonly guard: Failure | ExtentName;
  /** A sentence without its end mark. */
  readonly message: string;
  readonly hint: string;
}

/** So few entries may always change: in a small network one edit is a large share. */
export const fewestChanges = 10;

export const defaultLimitPercent = 30;

export function checkGuards(plan: Plan, settings: GuardSettings): readonly GuardFinding[] {
  const findings = settings.failOn.flatMap(failure => failureOf(plan, failure));
  for (const name of extents) {
    const isAllowed = settings.allowances.some(({ extent, counts }) => extent === name && counts);
    if (isAllowed || settings.allowed.includes(name)) continue;
    findings.push(...extentFinding(name, plan.extent[name], settings));
  }
  return findings;
}

function failureOf(plan: Plan, failure: Failure): readonly GuardFinding[] {
  if (failure === 'changes') return changesOf(plan);
  const such = plan.differences.filter(({ kinds }) => kinds.includes(failure));
  const hint = `--fail-on ${failure} asks for this`;
  const gone = failure === 'unroutable' ? goneGateways(plan) : [];
  const findings: GuardFinding[] =
    gone.length === 0
      ? []
      : [{ guard: failure, message: `calls of ${gone.join(', ')} are served no longer`, hint }];
  if (such.length === 0) return findings;
  const prefixes = [...new Set(such.map(({ prefix }) => prefix))];
  const what = failure === 'unroutable' ? 'carried no longer' : 'sold at a loss that were not before';
  const message = `numbers of ${prefixesCount(prefixes.length)} are ${what}: ${firstOf(prefixes)}`;
  return [...findings, { guard: failure, message, hint }];
}

function goneGateways({ customers }: Plan): readonly string[] {
  return customers.filter(({ on }) => on === 'before').flatMap(({ gateways }) => gateways);
}

function changesOf({ before, after, settings }: Plan): readonly GuardFinding[] {
  if (before.hash === after.hash) return [];
  const [first] = settings;
  const message =
    first === undefined
      ? 'the two sides do not mean the same'
      : `the two sides do not mean the same: ${first.setting === '' ? '' : `${first.setting} of `}${first.object}`;
  const more = settings.length > 1 ? ` and ${counted(settings.length - 1, 'other setting')}` : '';
  return [{ guard: 'changes', message: `${message}${more}`, hint: '--fail-on changes asks for this' }];
}

/** Entries that were added, removed or changed, in percent of what there was; 0 of nothing. */
export function percentChanged({ before, added, removed, changed }: ChangedShare): number {
  return before === 0 ? 0 : ((added + removed + changed) / before) * 100;
}

function extentFinding(
  name: ExtentName,
  share: ChangedShare,
  { limitPercent, allowances }: GuardSettings,
): readonly GuardFinding[] {
  const entries = share.added + share.removed + share.changed;
  const percent = percentChanged(share);
  if (entries < fewestChanges || percent <= limitPercent) return [];
  const message = `${entries.toLocaleString('en-US')} of ${share.before.toLocaleString('en-US')} ${name} would change (${percentText(percent)} %); at most ${limitPercent} % may at once`;
  const old = allowances.find(({ extent }) => extent === name);
  const spent =
    old === undefined ? '' : ` (the one in ${old.place.file}:${old.place.line} was for an earlier change)`;
  const hint = `if that is meant, give the reason as plan.allow.${name} in switch.yaml${spent}, or say --allow ${name}`;
  return [{ guard: name, message, hint }];
}

/** With one decimal; not nothing where there is something. */
export function percentText(percent: number): string {
  if (percent > 0 && percent < 0.05) return 'under 0.1';
  return (Math.round(percent * 10) / 10).toLocaleString('en-US');
}

function firstOf(prefixes: readonly string[]): string {
  const shown = prefixes.slice(0, 5).map(prefixText).join(', ');
  return prefixes.length > 5 ? `${shown} and ${(prefixes.length - 5).toLocaleString('en-US')} more` : shown;
}
