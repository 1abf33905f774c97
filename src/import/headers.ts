/** The headers that vendors give their columns. */
import { currenciesOf, isCurrencyCode } from './currencies.ts';
import type { SourceColumn } from './options.ts';

/**
 * By what the column holds, the usual headers, the clearest first: when a file has headers of several groups, the
 * earlier group wins; two headers of one group are ambiguous. Small letters, without accents and signs.
 */
const dictionary: Readonly<Record<SourceColumn, readonly (readonly string[])[]>> = {
  prefix: [
    [
      ...[
        'prefix',
        'prefixes',
        'dial prefix',
        'number prefix',
        'area prefix',
        'rate prefix',
        'destination prefix',
      ],
      ...[
        'dial code',
        'dial codes',
        'dialcode',
        'dialcodes',
        'dialing code',
        'dialling code',
        'dialed digits',
      ],
      ...['dialed prefix', 'destination code', 'destination codes', 'dest code', 'dest codes', 'destcode'],
      ...['route code', 'full code', 'code range', 'breakout', 'breakouts', 'breakout code', 'e164', 'e 164'],
      ...['vorwahl', 'vorwahlen', 'prefijo', 'prefijos', 'prefixo', 'prefisso', 'prefixe', 'indicatif'],
      ...['префикс', 'on ek', 'prefiks', '前缀', '地区前缀', '号码前缀', '费率前缀'],
    ],
    ['code', 'codes', 'codigo', 'codice', 'код', 'kod', '区号'],
  ],
  country: [
    ['country code', 'countrycode', 'country codes', 'cc', 'landesvorwahl', 'codigo pais', 'код страны'],
  ],
  area: [
    ['area code', 'area codes', 'areacode', 'city code', 'city codes', 'ndc', 'npa', 'ac', 'ortsvorwahl'],
  ],
  rate: [
    [
      ...[
        'rate',
        'rates',
        'price',
        'prices',
        'tariff',
        'cost',
        'charge',
        'voice rate',
        'call rate',
        'sell rate',
      ],
      ...['buy rate', 'unit price', 'rate value', 'minute rate', 'minute price', 'price per unit'],
      ...['preis', 'minutenpreis', 'tarif', 'precio', 'tarifa', 'preco', 'prix', 'prezzo', 'tariffa', 'цена'],
      ...['тариф', 'стоимость', 'cena', 'ucret', 'fiyat', '费率', '价格'],
    ],
    [
      'new rate',
      'new price',
      'current rate',
      'current price',
      'rate standard',
      'standard rate',
      'default rate',
    ],
    ['amount'],
  ],
  connectFee: [
    [
      ...[
        'connect fee',
        'connection fee',
        'connectfee',
        'connection charge',
        'connect charge',
        'connection cost',
      ],
      ...[
        'setup',
        'setup fee',
        'set up fee',
        'setup charge',
        'call setup fee',
        'surcharge per call',
        'flag fall',
      ],
      ...['verbindungsgebuhr', 'frais de connexion', 'establecimiento', 'плата за соединение', '接通费'],
    ],
  ],
  increments: [
    [
      ...['increments', 'increment', 'billing', 'billing increment', 'billing increments', 'billing terms'],
      ...[
        'billing interval',
        'billing intervals',
        'billing cycle',
        'billing precision',
        'rounding',
        'rounding rules',
      ],
      ...['charging interval', 'charging increments', 'charge increments', 'pulse', 'pulse rate', 'interval'],
      ...[
        'intervals',
        'min incr',
        'min inc',
        'initial increment',
        'taktung',
        'takt',
        'incremento',
        'incrementos',
      ],
      ...['palier', 'scatto', 'тарификация', '计费周期'],
    ],
  ],
  firstIncrement: [
    [
      ...['first interval', 'first increment', 'interval 1', 'interval1', 'first billing', 'first period'],
      ...[
        'minimum',
        'min',
        'min duration',
        'minimum duration',
        'min time',
        'minimum time',
        'minimum charge seconds',
      ],
      ...[
        'min charge',
        'minimum seconds',
        'minimal duration',
        'initial interval',
        'initial period',
        'erster takt',
      ],
    ],
  ],
  nextIncrement: [
    [
      ...[
        'sub interval',
        'next interval',
        'interval n',
        'intervaln',
        'interval 2',
        'interval2',
        'next increment',
      ],
      ...['second interval', 'second increment', 'subsequent', 'subsequent interval', 'subsequent increment'],
      ...[
        'additional increment',
        'additional interval',
        'sub increment',
        'next billing',
        'next period',
        'folgetakt',
      ],
    ],
  ],
  effectiveFrom: [
    [
      ...[
        'effective from',
        'effective',
        'effective date',
        'effectivedate',
        'effective start',
        'effective as of',
      ],
      ...['from', 'from date', 'date from', 'start', 'start date', 'startdate', 'start time', 'valid from'],
      ...[
        'activation date',
        'begin',
        'begin date',
        'gultig ab',
        'ab',
        'valido desde',
        'desde',
        'fecha efectiva',
      ],
      ...[
        'vigencia',
        'a partir de',
        'date d effet',
        'decorrenza',
        'дата начала',
        'действует с',
        '生效时间',
        '生效日期',
      ],
    ],
    ['date'],
  ],
  effectiveUntil: [
    [
      ...[
        'effective until',
        'effective to',
        'effective end',
        'until',
        'to',
        'to date',
        'date to',
        'end',
        'end date',
      ],
      ...[
        'enddate',
        'end time',
        'expiry',
        'expiry date',
        'expires',
        'expiration',
        'expiration date',
        'valid to',
      ],
      ...['valid until', 'valid till', 'till', 'gultig bis', 'bis', 'hasta', 'valido hasta', 'date de fin'],
      ...['scadenza', 'дата окончания', 'действует по', '失效时间', '失效日期'],
    ],
  ],
  status: [
    [
      ...[
        'status',
        'change',
        'changes',
        'change type',
        'rate change',
        'change status',
        'rate status',
        'action',
      ],
      ...['locked', 'lock', 'blocked', 'block', 'barred', 'code status', 'price change'],
      ...[
        'aenderung',
        'anderung',
        'estado',
        'cambio',
        'statut',
        'stato',
        'статус',
        'изменение',
        '状态',
        '锁定',
      ],
    ],
  ],
  currency: [['currency', 'ccy', 'curr', 'wahrung', 'moneda', 'devise', 'valuta', 'валюта', '币种']],
  destination: [
    [
      ...[
        'destination',
        'destinations',
        'destination name',
        'dest',
        'dest name',
        'route name',
        'zone',
        'zone name',
      ],
      ...['ziel', 'destino', 'destinazione', 'направление', '地区名称', '目的地'],
    ],
    ['description', 'name', 'country destination', 'country', 'area', 'area name', 'land', 'pais', 'pays'],
    ['breakout name', 'operator', 'network', 'region'],
  ],
};

export interface KnownHeader {
  readonly column: SourceColumn;
  /** The smaller, the clearer. */
  readonly rank: number;
}

const known: ReadonlyMap<string, KnownHeader> = new Map(
  (Object.entries(dictionary) as [SourceColumn, readonly (readonly string[])[]][]).flatMap(
    ([column, groups]) =>
      groups.flatMap((headers, rank) =>
        headers.map(header => [wordsOf(header).join(' '), { column, rank }] as const),
      ),
  ),
);

export interface HeaderMeaning {
  readonly known: KnownHeader | null;
  /** Codes and signs of currencies in the header. */
  readonly currencies: readonly string[];
  /** What the header says that a price is for. */
  readonly unitSeconds: 1 | 60 | null;
  /** Prices are in hundredths of the currency. */
  readonly hundredths: boolean;
}

const minuteWords = new Set(['min', 'mins', 'minute', 'minutes', 'mn', 'minuto', 'мин', '分钟']);
const secondWords = new Set(['s', 'sec', 'secs', 'second', 'seconds', 'segundo', 'sekunde', 'сек', '秒']);
const centWords = new Set(['cent', 'cents', 'ct', 'cts', 'pence', 'p', 'centavos', 'centimes', 'коп']);
const fillers = new Set(['per', 'in', 'pro', 'por', 'par', 'a', 'the', 'of', 'за', 'в']);
/** What the unit means for: a column of seconds is none of prices. */
const pricedColumns: readonly SourceColumn[] = ['rate', 'connectFee'];

/** What a header says, by the words in it. */
export function meaningOfHeader(header: string): HeaderMeaning {
  const words = wordsOf(header);
  const nothing = { currencies: [], unitSeconds: null, hundredths: false };
  const whole = known.get(words.join(' ')) ?? null;
  if (whole !== null) return { known: whole, ...nothing };
  const signs: readonly string[] = header.match(/US\$|[$€£¥₹₽₺₴₪₩]/g) ?? [];
  const currencies = [...signs, ...words.filter(isCurrencyCode).map(word => word.toUpperCase())];
  const rest = words.filter(
    word =>
      !isCurrencyCode(word) &&
      !minuteWords.has(word) &&
      !secondWords.has(word) &&
      !centWords.has(word) &&
      !fillers.has(word),
  );
  // "US$" leaves the letters of its country behind.
  const bare = signs.includes('US$') ? rest.filter(word => word !== 'us') : rest;
  const found = bare.length > 0 ? (known.get(bare.join(' ')) ?? null) : null;
  // "USD/min" is a price although no word says so.
  const meaning = bare.length === 0 && currencies.length > 0 ? { column: 'rate' as const, rank: 2 } : found;
  if (meaning === null || !pricedColumns.includes(meaning.column)) return { known: meaning, ...nothing };
  return {
    known: meaning,
    currencies: currencies.filter(text => currenciesOf(text) !== null),
    unitSeconds: unitOf(words),
    hundredths: words.some(word => centWords.has(word)),
  };
}

function unitOf(words: readonly string[]): 1 | 60 | null {
  if (words.some(word => secondWords.has(word))) return 1;
  return words.some(word => minuteWords.has(word)) ? 60 : null;
}

function wordsOf(header: string): readonly string[] {
  return header
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');
}
