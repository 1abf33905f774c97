/** What was seen of a call or of a scenario, in a form that expectations can be held against and that people read. */
import { type Money, moneyText } from '../../rating/money.ts';

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
      return durationText(observed.value);
    case 'percent':
      return `${Math.round(observed.value * 1000) / 1000}%`;
    case 'money':
      return moneyText(observed.value);
    default:
      return observed.value === '' ? '""' : String(observed.value);
  }
}

/** `250ms`, `1.5s`, `1m1.5s`, `2h`: as scenario files write durations. `ms` may be a fraction, and is rounded. */
export function durationText(ms: number): string {
  const whole = Math.round(Math.abs(ms));
  const sign = ms < 0 && whole > 0 ? '-' : '';
  if (whole < 1000) return whole === 0 ? '0s' : `${sign}${whole}ms`;
  const hours = Math.floor(whole / 3_600_000);
  const minutes = Math.floor((whole % 3_600_000) / 60_000);
  const seconds = (whole % 60_000) / 1000;
  const parts = [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 ? `${seconds}s` : '',
  ];
  return `${sign}${parts.join('')}`;
}
