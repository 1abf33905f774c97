/** The files in gateways/groups/. */
import type { ParsedGatewayGroup } from '../parsed-routing.ts';
import type { Fields } from './fields.ts';

/** `incomplete`: the schema has taken something out, so what is absent may be there and wrong. */
export function parseGatewayGroup(name: string, fields: Fields, incomplete: boolean): ParsedGatewayGroup {
  return {
    name,
    place: fields.place(),
    lines: fields.number('lines'),
    linesPlace: fields.place('lines'),
    timedLines: fields.entries('timedLines').flatMap(entry => {
      const [calendar, lines] = [entry.textAt('calendar'), entry.number('lines')];
      return calendar === null || lines === null ? [] : [{ calendar, lines, place: entry.place() }];
    }),
    incomplete,
  };
}
