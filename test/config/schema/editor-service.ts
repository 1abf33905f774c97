/** What an editor with the YAML language server says, completes and shows; the server runs in this process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type CompletionItem,
  getLanguageService,
  type LanguageService,
  MarkupContent,
  type SchemasSettings,
} from 'yaml-language-server';

export interface Remark {
  readonly line: number;
  /** From 1, as our own diagnostics count. */
  readonly column: number;
  readonly message: string;
}

/** Counted over all editors, since the server remembers what it made of a version of a file, whoever asks. */
let version = 0;

export class Editor {
  readonly #service: LanguageService;
  readonly #project: string;

  /** `schemas` says which files have which schema; a line in the file itself goes before it. */
  constructor(project: string, schemas: readonly SchemasSettings[] = []) {
    this.#project = project;
    this.#service = getLanguageService({
      schemaRequestService: uri => Promise.resolve(readFileSync(new URL(uri), 'utf8')),
      workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
    });
    this.#service.configure({ validate: true, hover: true, completion: true, schemas: [...schemas] });
  }

  async remarks(path: string, text: string): Promise<readonly Remark[]> {
    const found = await this.#service.doValidation(this.#document(path, text), false);
    return found.map(({ range: { start }, message }) => {
      return { line: start.line + 1, column: start.character + 1, message };
    });
  }

  /** What may be typed at an offset. */
  async completions(path: string, text: string, offset: number): Promise<readonly CompletionItem[]> {
    const document = this.#document(path, text);
    const { items } = await this.#service.doComplete(document, document.positionAt(offset), false);
    return items;
  }

  /** What is shown for the word at an offset. */
  async hover(path: string, text: string, offset: number): Promise<string> {
    const document = this.#document(path, text);
    const hover = await this.#service.doHover(document, document.positionAt(offset));
    return hover !== null && MarkupContent.is(hover.contents) ? hover.contents.value : '';
  }

  #document(path: string, text: string): TextDocument {
    version += 1;
    return TextDocument.create(pathToFileURL(join(this.#project, path)).href, 'yaml', version, text);
  }
}
