/** What the YAML library finds wrong, in the words of somebody who has never read the specification. */
import { type Document, isScalar, visit, type YAMLError } from 'yaml';

export interface SyntaxFinding {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

export function wordsForSyntax(error: YAMLError, text: string, document: Document): SyntaxFinding {
  const offset = error.pos[0];
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
  const said = error.message.split('\n', 1)[0]!;
  if (error.code === 'TAB_AS_INDENT') {
    return {
      offset,
      message: 'a tab stands in the indentation',
      hint: 'Indent with spaces: YAML does not allow tabs there.',
    };
  }
  const bracket =
    /^Flow (?:sequence|map) .*end with a ([\]}])/.exec(said)?.[1] ??
    /^Expected flow .*end with ([\]}])/.exec(said)?.[1];
  if (bracket !== undefined) return unclosedBracket(offset, bracket, document);
  const quote = /^Missing closing (["'])quote/.exec(said)?.[1];
  if (quote !== undefined) return unclosedQuote(offset, quote, document);
  if (/reserved character|directive indicator|block (?:scalar|indicator)|flow indicator/.test(said)) {
    return needsQuotes(offset, line.slice(0, offset - start), line.slice(offset - start));
  }
  const compared = /^(.*?[:[{,-]\s+)([<>|].*)$/.exec(line);
  if (/^(?:Block scalar header includes extra|Not a YAML token)/.test(said) && compared !== null) {
    const [, before = '', value = ''] = compared;
    return needsQuotes(start + before.length, before, value);
  }
  if (/^Alias cannot be an empty/.test(said)) {
    return { offset, message: 'a star begins an alias in YAML', hint: 'Put it in quotes: "*".' };
  }
  if (/^Nested mappings are not allowed/.test(said)) return nestedMapping(offset, start, line, text);
  if (/^Implicit (?:keys need to be on a single line|map keys need to be followed)/.test(said)) {
    return missingColon(offset, line, said);
  }
  if (/must start at the same column/.test(said) || error.code === 'BAD_INDENT') {
    return {
      offset,
      message: 'this line is indented unlike the lines that it belongs to',
      hint: 'Give all keys of one mapping, and all items of one list, the same indentation.',
    };
  }
  const unexpected = /^Unexpected .*?:? ?(".*")?$/.exec(said);
  if (unexpected !== null) {
    const what = unexpected[1] === undefined ? 'this' : shortly(unexpected[1]);
    return { offset, message: `${what} cannot stand here` };
  }
  return { offset, message: shortly(sentence(said), 200) };
}

/** `before` is what stands before the value on its line. */
function needsQuotes(offset: number, before: string, rest: string): SyntaxFinding {
  const value = (/[{[]/.test(before) ? rest.replace(/\s*[,}\]].*$/, '') : rest).trim();
  return {
    offset,
    message: `a value cannot begin with ${value.slice(0, 1)} unless it stands in quotes`,
    hint: `Put it in quotes: "${shortly(value)}".`,
  };
}

function unclosedBracket(offset: number, bracket: string, document: Document): SyntaxFinding {
  const open = bracket === ']' ? '[' : '{';
  let begin = offset;
  visit(document, {
    Collection(_, { flow, range }) {
      // The innermost of those that are not closed where the text goes on below.
      if (flow === true && range && range[0] <= offset && range[1] >= offset) begin = range[0];
    },
  });
  return {
    offset: begin,
    message: `the ${open} is never closed`,
    hint: `Write ${bracket} where the ${bracket === ']' ? 'list' : 'mapping'} ends; lines within it are indented further than its key.`,
  };
}

function unclosedQuote(offset: number, quote: string, document: Document): SyntaxFinding {
  const type = quote === '"' ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
  let begin = offset;
  visit(document, {
    Scalar(_, node) {
      if (isScalar(node) && node.type === type && node.range && node.range[0] <= offset)
        begin = node.range[0];
    },
  });
  return {
    offset: begin,
    message: `the quote ${quote} is never closed`,
    hint: `Write ${quote} where the text ends.`,
  };
}

function nestedMapping(offset: number, start: number, line: string, text: string): SyntaxFinding {
  const rest = line.slice(offset - start);
  if (/:(\s|$)/.test(rest)) {
    const value = rest.trim();
    return {
      offset,
      message: 'a colon and a space within a value begin another mapping',
      hint: `Put the value in quotes: "${shortly(value)}".`,
    };
  }
  const below = text.indexOf('\n', offset) + 1;
  return {
    offset: below > 0 && below < text.length ? below : offset,
    message: 'this line is indented further than the key above it, which has its value already',
    hint: 'Give all keys of one mapping the same indentation.',
  };
}

function missingColon(offset: number, line: string, said: string): SyntaxFinding {
  const glued = /^\s*(?:- )?([\w-]+):(\S.*)$/.exec(line);
  if (glued !== null) {
    const [, key, value = ''] = glued;
    return {
      offset,
      message: 'a space is missing behind the colon',
      hint: `Write "${key}: ${shortly(value)}".`,
    };
  }
  const other = /^\s*([\w-]+)\s*(?:=|\s)\s*(\S.*)$/.exec(line);
  if (other !== null && !line.includes(': ')) {
    const [, key, value = ''] = other;
    return {
      offset,
      message: 'a colon is missing behind the key',
      hint: `Write "${key}: ${shortly(value)}".`,
    };
  }
  return { offset, message: sentence(said) };
}

/** The beginning of a text that is too long to be quoted whole. */
export function shortly(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The library's message, without the excerpt it may bring along. */
export function sentence(message: string): string {
  const line = message.split('\n', 1)[0]!.replace(/[:.]\s*$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
