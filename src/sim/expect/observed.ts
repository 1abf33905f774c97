/** What was seen of a call or of a scenario, in a form that expectations can be held against and that people read. */
import { type Money, moneyText } from '../../rating/money.ts';
import { durationText } from '../files/durations.ts';

/** Durations are ms, percentages are percent, money is 10⁻⁸ currency units; null is "none". */
export type Observed =
  | { readonly unit: 'text'; readonly value: string | number | boolean | null }
  | { readonly unit: 'names'; readonly value: readonly string[] }
  | { readonly unit: 'count'; readonly value: number | null }
  | { readonly unit: 'duration'; readonly value: number | null }
  | { readonly unit: 'percent'; readonly value: number | null }
  | { readonly unit: 'money'; readonly value: Money | null };

export function observedText(observed: Observed): string {
  if (observed.value === null) return 'none';
  switch (observed.unit) {
    case 'names':
      return observed.value.length === 0 ? 'none' : observed.value.join(', ');
    case 'duration':
      return durationText(Math.round(observed.value));
    case 'percent':
      return `${Math.round(observed.value * 1000) / 1000}%`;
    case 'money':
      return moneyText(observed.value);
    default:
      return observed.value === '' ? '""' : String(observed.value);
  }
}
