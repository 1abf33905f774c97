/** The characters that numbers are made of. */
import type { MappingGateway, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { isPrefixText, textOfNibbles } from '../../prefixes/prefix-text.ts';
import { nodeChild, nodeChildren, type PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { hasOnlyDigits } from '../../prefixes/trie-shape.ts';
import { calleeTexts, prefixesOf } from './side-rules.ts';

const digits = '0123456789';
const others = '*#zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA';

/** Digits, what else a rule of either side names, one character that none does, and the plus sign. */
export function symbolsOf(before: Snapshot, after: Snapshot): string {
  const known = knownSymbols(before, after);
  const stranger = [...others].find(symbol => !known.includes(symbol)) ?? '';
  return `${known}${stranger}+`;
}

/** Digits, what else a rule of either side names, and the plus sign: what numbers of a telephone are made of. */
export function namedSymbolsOf(before: Snapshot, after: Snapshot): string {
  return `${knownSymbols(before, after)}+`;
}

function knownSymbols(before: Snapshot, after: Snapshot): string {
  const named = new Set<string>();
  for (const snapshot of [before, after]) addNamed(snapshot, named);
  const known = [...others].filter(symbol => named.has(symbol)).sort();
  return `${digits}${known.join('')}`;
}

function addNamed(snapshot: Snapshot, named: Set<string>): void {
  const { parameters, routes, rateTables, numberLists, mappingGateways, routingGateways } = snapshot;
  const tries = [
    ...rateTables.map(({ prefixes }) => prefixes),
    ...numberLists.map(({ entries }) => entries),
    routes.trie,
  ];
  for (const trie of tries) if (!hasOnlyDigits(trie)) addTrie(trie, 0, named);
  const gateways = [...mappingGateways, ...routingGateways];
  const texts = [
    ...parameters.routeTags,
    ...parameters.freeNumbers.map(item => item.replace(/\*$/, '')),
    ...calleeTexts(gateways.map(({ numbers }) => numbers)),
    ...gateways.flatMap(({ periods }) =>
      periods.flatMap(({ calleePrefixes }) => (calleePrefixes === null ? [] : prefixesOf(calleePrefixes))),
    ),
    ...gateways.flatMap(planTexts),
  ];
  for (const text of texts) for (const symbol of text) if (isPrefixText(symbol)) named.add(symbol);
}

/** What originals name; what targets name is looked for in tables. */
function planTexts({ dialPlans, periodDialPlans }: MappingGateway | RoutingGateway): string[] {
  return [dialPlans, ...periodDialPlans].flatMap(({ callee }) =>
    callee.rules.flatMap(({ original }) => [
      original.literal,
      ...original.wildcards.map(part => (part.kind === 'literal' ? part.text : '')),
    ]),
  );
}

const firstEscape = 12;

function addTrie(trie: PrefixTrie, node: number, named: Set<string>): void {
  for (let rest = nodeChildren(trie, node); rest !== 0; rest &= rest - 1) {
    const nibble = 31 - Math.clz32(rest & -rest);
    const child = nodeChild(trie, node, nibble);
    if (nibble < firstEscape) {
      if (nibble >= digits.length) named.add(textOfNibbles(Uint8Array.of(nibble), 1));
      addTrie(trie, child, named);
      continue;
    }
    for (let letters = nodeChildren(trie, child); letters !== 0; letters &= letters - 1) {
      const second = 31 - Math.clz32(letters & -letters);
      named.add(textOfNibbles(Uint8Array.of(nibble, second), 2));
      addTrie(trie, nodeChild(trie, child, second), named);
    }
  }
}
