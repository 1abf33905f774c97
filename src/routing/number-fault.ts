/** Whether a number can be sent in SIP at all. */

/** Longest number that goes on to routing and to a gateway. */
export const longestNumber = 32;

/** Longest number that is looked at at all: fitting dial plans to one takes time that grows with its length. */
export const longestAccessNumber = 64;

export type NumberFault = 'empty' | 'tooLong' | 'characters';

/** What RFC 3261 §25.1 lets a user part hold, and `#`, a key of every telephone, which is sent escaped. */
const userPart = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/#]*$/;

/** What stands against sending this number, or null. */
export function numberFault(number: string): NumberFault | null {
  if (number === '') return 'empty';
  if (number.length > longestNumber) return 'tooLong';
  return userPart.test(number) ? null : 'characters';
}

const faultTexts: Readonly<Record<NumberFault, string>> = {
  empty: 'is empty',
  tooLong: `is longer than ${longestNumber} characters`,
  characters: 'holds characters that no number in SIP may hold',
};

/** To follow the name of the number in a sentence. */
export function numberFaultText(fault: NumberFault): string {
  return faultTexts[fault];
}
