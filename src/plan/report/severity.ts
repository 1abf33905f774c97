/** What is worse than what, and what each kind of difference is called. */
import type { ChangeKind, Difference } from '../plan.ts';

/** The worst first: calls that end, money that is lost, ways that are fewer, then what is only different. */
export const kindsBySeverity: readonly ChangeKind[] = [
  'unroutable',
  'loss',
  'refusal',
  'routesLost',
  'customerRate',
  'vendorRate',
  'reordered',
  'protect',
  'numberSent',
  'routesWon',
  'routable',
];

const words: Readonly<Record<ChangeKind, string>> = {
  unroutable: 'no longer carried',
  loss: 'sold at a loss',
  refusal: 'refused for another reason',
  routesLost: 'routes lost',
  customerRate: 'another price for the customer',
  vendorRate: 'another price of a vendor',
  reordered: 'another order of gateways',
  protect: 'another role of a protect route',
  numberSent: 'another number sent',
  routesWon: 'routes won',
  routable: 'newly carried',
};

/** Of a difference without any kind: nothing but the price of a call that neither side carries. */
export const noKindWords = 'turned away as before, at another price';

export function kindWords(kind: ChangeKind): string {
  return words[kind];
}

/** 0 is the worst. */
export function severityOf({ kinds }: Pick<Difference, 'kinds'>): number {
  return kinds.reduce(
    (worst, kind) => Math.min(worst, kindsBySeverity.indexOf(kind)),
    kindsBySeverity.length,
  );
}

/** Whether it counts while nothing is supposed of the switch; the others hold only while a gateway is down. */
export function isOrdinary({ scopes }: Pick<Difference, 'scopes'>): boolean {
  return scopes.some(({ suppositions }) => suppositions.includes(0));
}
