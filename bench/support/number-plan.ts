/** Prefix sets alike to real number plans, from a seed. */

export interface RandomSource {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
}

/** xorshift32: enough to spread prefixes, and the same everywhere. `seed` is a whole number but not 0. */
export function randomSource(seed: number): RandomSource {
  let word = seed | 0;
  if (word === 0) throw new RangeError('the seed must not be 0');
  return {
    below(limit: number): number {
      word ^= word << 13;
      word ^= word >>> 17;
      word ^= word << 5;
      return (word >>> 0) % limit;
    },
  };
}

const countryCodes = [
  ...[
    '1',
    '7',
    '20',
    '27',
    '30',
    '31',
    '32',
    '33',
    '34',
    '36',
    '39',
    '40',
    '41',
    '43',
    '44',
    '45',
    '46',
    '47',
    '48',
  ],
  ...[
    '49',
    '51',
    '52',
    '54',
    '55',
    '56',
    '57',
    '58',
    '60',
    '61',
    '62',
    '63',
    '64',
    '65',
    '66',
    '81',
    '82',
    '84',
    '86',
  ],
  ...[
    '90',
    '91',
    '92',
    '93',
    '94',
    '95',
    '98',
    '212',
    '213',
    '216',
    '221',
    '233',
    '234',
    '249',
    '254',
    '255',
    '256',
  ],
  ...[
    '351',
    '353',
    '354',
    '358',
    '359',
    '370',
    '371',
    '372',
    '380',
    '381',
    '385',
    '420',
    '421',
    '502',
    '503',
    '506',
  ],
  ...[
    '852',
    '855',
    '880',
    '886',
    '961',
    '962',
    '963',
    '964',
    '965',
    '966',
    '967',
    '968',
    '971',
    '972',
    '994',
    '998',
  ],
];

/**
 * So many different prefixes: every country code, then blocks of neighbours (most digits of an area are split
 * into ranges of seven to nine digits together), with the shorter prefix of most blocks beside them, so that
 * numbers match two to four prefixes.
 */
export function numberPlan(random: RandomSource, count: number): string[] {
  const plan = new Set<string>(countryCodes);
  while (plan.size < count) {
    let area = countryCodes[random.below(countryCodes.length)]!;
    const areaLength = area.length + 1 + random.below(3);
    while (area.length < areaLength) area += random.below(10);
    if (random.below(4) > 0) plan.add(area);
    const block = area + random.below(10) + (random.below(2) === 0 ? '' : random.below(10));
    if (random.below(3) === 0) plan.add(block);
    const neighbours = 2 + random.below(9);
    for (let i = 0; i < neighbours && plan.size < count; i++) plan.add(block + random.below(10));
  }
  return [...plan].slice(0, count).map(flat);
}

/** As `numberPlan`, one digit deeper, so that there is room for a million. */
export function distinctNumberPlan(random: RandomSource, count: number): string[] {
  const plan = new Set<string>(numberPlan(random, Math.floor(count / 4)));
  const areas = [...plan];
  while (plan.size < count) {
    const area = areas[random.below(areas.length)]! + random.below(10);
    for (let digit = 0; digit < 10 && plan.size < count; digit++)
      if (random.below(3) > 0) plan.add(area + digit);
  }
  return [...plan].map(flat);
}

/** Text that was put together piece by piece is copied into one. */
function flat(text: string): string {
  return Buffer.from(text).toString('latin1');
}
