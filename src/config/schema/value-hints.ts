/** What was probably meant by a value that is refused: one sentence that says what to write. */
import { strangeCharacter } from './strange-characters.ts';

const prefixSyntax = /^[0-9A-Za-z*#]{1,32}$/;

/** For a text in the place of a prefix; undefined when nothing is known to help. */
export function prefixHint(text: string): string | undefined {
  const strange = strangeCharacter(text);
  if (strange !== null) return `${strange} Write the digits 0 to 9.`;
  if (/^\d([.,]\d+)?E[+-]?\d+$/i.test(text)) {
    return 'A spreadsheet has shortened this number and its digits are lost: format the column as text there and export it again.';
  }
  if (/^\d+\.0+$/.test(text))
    return `Write "${text.replace(/\..*/, '')}": a program has made a decimal of the prefix.`;
  const bare = text.replace(/^\s*(\+|00(?=\s))|[\s().\-_/]/g, '');
  if (bare !== text && prefixSyntax.test(bare)) {
    const what = text.includes('+') ? 'plus sign' : 'separators';
    return `Write "${bare}": a prefix has no ${what}.`;
  }
  return undefined;
}

/** For a number, not in quotes, in the place of a prefix. */
export function numberPrefixHint(written: string): string {
  if (prefixSyntax.test(written) && !/^0[xo]/i.test(written)) return `Write "${written}".`;
  if (/^\d*\.\d+$/.test(written))
    return 'Write the digits of the prefix in quotes; a prefix has no decimal point.';
  return (
    (/^[+\d]/.test(written) && prefixHint(written)) ||
    'Write the digits of the prefix in quotes, such as "44".'
  );
}

/** For a text in the place of a price. */
export function priceHint(text: string): string | undefined {
  const strange = strangeCharacter(text);
  if (strange !== null) return `${strange} Write it with the digits 0 to 9 and a point.`;
  if (/^\d+,\d+$/.test(text)) return `Write ${text.replace(',', '.')}: decimals stand behind a point.`;
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text))
    return `Write ${text.replaceAll(',', '')}: thousands are not separated.`;
  if (/^\d+(\.\d+)?e[+-]?\d{1,2}$/i.test(text))
    return `Write it without an exponent: ${withoutExponent(text)}.`;
  if (/^[+]\d/.test(text)) return `Write ${text.slice(1)}, without a sign.`;
  if (/[$€£¥]|[A-Z]{3}/.test(text)) return 'Write the number alone: the currency is that of the switch.';
  if (/^\.\d+$/.test(text)) return `Write 0${text}.`;
  if (/^\d+\.$/.test(text)) return `Write ${text}0.`;
  return undefined;
}

function withoutExponent(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, 1 - point))}${whole}${fraction}`.padEnd(Math.max(0, point), '0');
  const at = Math.max(1, point);
  const decimals = digits.slice(at).replace(/0+$/, '');
  return `${digits.slice(0, at).replace(/^0+(?=\d)/, '')}${decimals === '' ? '' : `.${decimals}`}`;
}

/** For a value in the place of a number. `unit` is the schema's, such as `s`. */
export function numberHint(text: string, unit: string | undefined): string | undefined {
  if (/^(0|[1-9]\d*)(\.\d+)?$/.test(text)) return `Write ${text}, without quotes.`;
  const withUnit =
    /^(\d+(?:\.\d+)?)\s*(ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|lines?|calls?|%)$/i.exec(text);
  if (withUnit !== null) {
    const [, number, said = ''] = withUnit;
    if (unit === 's' && /^(s|secs?|seconds?)$/i.test(said))
      return `Write ${number}: the number is in seconds.`;
    return unit === 's' || unit === 'ms'
      ? `Write the number alone, in ${unit === 's' ? 'seconds' : 'milliseconds'}.`
      : `Write ${number}, without a unit.`;
  }
  if (/^\d+,\d{1,2}$/.test(text)) return `Write ${text.replace(',', '.')}: decimals stand behind a point.`;
  if (/^\d{1,3}([,_ ']\d{3})+$/.test(text))
    return `Write ${text.replace(/\D/g, '')}: thousands are not separated.`;
  const strange = strangeCharacter(text);
  return strange === null ? undefined : `${strange} Write the digits 0 to 9.`;
}

/** For a text in the place of billing increments. */
export function incrementsHint(text: string): string | undefined {
  const single = /^([1-9]\d{0,5})(?:\s*s)?$/.exec(text);
  if (single !== null) return `Write ${single[1]}/${single[1]}: the first increment and those that follow.`;
  const parts = /^([1-9]\d{0,5})\s*[-:+|,;\\]\s*([1-9]\d{0,5})$|^([1-9]\d{0,5})\s*\/\s*([1-9]\d{0,5})$/.exec(
    text,
  );
  if (parts !== null) return `Write ${parts[1] ?? parts[3]}/${parts[2] ?? parts[4]}.`;
  return /^0+\/|\/0+$/.test(text) ? 'An increment is at least one second.' : undefined;
}

/** For a text in the place of a date or a time. */
export function timeHint(text: string): string | undefined {
  const strange = strangeCharacter(text);
  if (strange !== null) return strange;
  if (/^\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})$/.test(text)) {
    return 'Write the year first, with four digits: 2030-01-31 is the 31st of January.';
  }
  if (/^\d{2}-\d{2}-\d{2}/.test(text)) return 'Write the year with four digits, such as 2030-01-31.';
  if (/^\d{4}\/\d{1,2}\/\d{1,2}/.test(text))
    return 'Write dashes between year, month and day, such as 2030-01-31.';
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(.*))?$/.exec(
    text,
  );
  if (match === null) {
    return /^\d{8}$/.test(text)
      ? `Write ${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}.`
      : /^\d{9,}$/.test(text)
        ? 'Seconds since 1970 are for programs: write a date such as 2030-01-31.'
        : undefined;
  }
  const [, year = '', month = '', day = '', hour, minute, second = '0', zone = ''] = match;
  if (month.length < 2 || day.length < 2) {
    return `Write month and day with two digits: ${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}.`;
  }
  if (Number(month) < 1 || Number(month) > 12) return `There is no month ${month}.`;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) < 1 || Number(day) > days) return `${year}-${month} has ${days} days.`;
  if (hour === undefined) return undefined;
  if (Number(hour) === 24) return 'Midnight is 00:00 of the next day.';
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) >= 60) {
    return 'Hours end at 23, minutes and seconds at 59.';
  }
  return zoneHint(zone, `${year}-${month}-${day}T${hour.padStart(2, '0')}:${minute}`);
}

function zoneHint(zone: string, time: string): string | undefined {
  if (zone === '') {
    return `Say in which zone: ${time}Z is UTC, ${time}+01:00 is an hour ahead of it.`;
  }
  const offset = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (offset === null) {
    return zone.toUpperCase() === 'Z' || zone.toUpperCase() === 'UTC' || zone.toUpperCase() === 'GMT'
      ? `Write ${time}Z.`
      : `Names of zones mean different things at different times: write the offset, such as ${time}+01:00.`;
  }
  const [, sign, hours = '', minutes = '00'] = offset;
  if (Number(hours) > 14 || Number(minutes) > 59) return 'No zone is more than 14 hours from UTC.';
  return `Write ${time}${sign}${hours.padStart(2, '0')}:${minutes}.`;
}
