/** C44: rate tables and calendars. */
import { error, warning } from './entry.ts';

export const rates = {
  C4401: error(
    'A rate row without a valid prefix',
    'The prefix of a rate is digits (and the letters used as route tags), without spaces, plus sign or dashes.',
    'Correct the prefix in the row.',
  ),
  C4402: error(
    'A rate row without a valid price',
    'Prices are exact: a plain decimal number which is not negative, with at most 10 decimals and no thousands separators, currency signs or exponents.',
    'Correct the price in the row, for example 0.0125.',
  ),
  C4403: error(
    'A rate row with an invalid value',
    'Increments, unit, lock or dates of the row cannot be read, so the price would be applied wrongly.',
    'Correct the value in the row as the message says.',
  ),
  C4404: error(
    'Two rates for one prefix at one time',
    'Two rows of the table have the same prefix and are valid at the same time, so a call would have two prices.',
    'Remove one of the two, or make their effective dates follow each other.',
  ),
  C4405: error(
    'A column is missing in the deck',
    'The header of the CSV file has no column of the name that the table asks for, or has it twice.',
    'Correct `columns` in the YAML file of the table, or the header of the CSV file.',
  ),
  C4406: error(
    'A malformed CSV row',
    'The row has more or fewer fields than the header, or a quoted field does not end, so its columns cannot be told.',
    'Correct the row. A field with a comma in it needs quotes.',
  ),
  C4407: error(
    'More problems in this file',
    'Only the first problems of a file are listed, because one mistake, such as a wrong column, can make every line wrong.',
    'Correct those that are listed and validate again.',
  ),
  C4408: error(
    'A table without rows',
    'The table has no rows, neither in the file nor in a CSV file beside it. A rate table without rows would refuse every call that it rates. A file that arrives empty is nearly always a failed transfer.',
    'Add rows, or name a file that has some.',
  ),
  C4409: error(
    'A time zone that does not exist',
    'A calendar is read from the clocks of a place, which the IANA time zone database names by continent and city. Abbreviations such as CEST say nothing of summer time.',
    'Write a name such as Europe/London, or UTC.',
  ),
  C4410: error(
    'A calendar exception that leaves something open',
    'An exception says for which dates it is, date or firstDate and lastDate, and what is different on them: closed, or periods.',
    'Complete the exception as the message says, for example { date: 2030-12-25, closed: true }.',
  ),
  C4411: error(
    'Two calendar exceptions for one date',
    'A date can have one exception only, since nobody could say which of two counts.',
    'Join the two, or correct their dates.',
  ),
  C4412: warning(
    'A calendar without periods',
    'No moment ever lies in a calendar that has no periods, neither in the week nor in an exception, so what refers to it never counts.',
    'Add periods, or remove the calendar and what refers to it.',
  ),
  C4420: error(
    'A row of an LRN table that cannot be read',
    'A row is for a number of ten digits or an exchange of six, as North America writes them without the country code 1, and its LRN has ten digits. A row that is skipped would send calls to the wrong carrier.',
    'Correct the row as the message says.',
  ),
  C4421: error(
    'Two rows for one number in an LRN table',
    'A number belongs to one switch at a time. Of two rows, nobody could say which one counts.',
    'Remove one of the two.',
  ),
};
