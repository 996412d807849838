/** A JSON text that breaks off or has something else where a value or sign is due. */
export class JsonSyntaxError extends Error {
  constructor(
    /** Where, in UTF-16 units from the beginning of the text. */
    readonly offset: number,
    readonly expected: string,
  ) {
    super(`${expected} expected`);
  }
}

/** A JSON value and where each part of it stands: `''` is the whole, `seeds`, `seeds[3]`, `a.b` are its parts. */
export interface LocatedJson {
  readonly value: unknown;
  readonly offsets: ReadonlyMap<string, number>;
}

/** Deeper nesting than this is refused rather than overflowing the stack; seed files have 2 levels. */
const MAX_DEPTH = 100;

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
/** RFC 8259 wants the control characters below this one escaped. */
const FIRST_PLAIN = ' ';
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Parses JSON (RFC 8259) like `JSON.parse`, and tells where things stand, which `JSON.parse` doesn't.
 *
 * @throws JsonSyntaxError
 * @internal
 */
export function parseLocatedJson(text: string): LocatedJson {
  const reader = new Reader(text);
  const value = reader.value('', 0);
  reader.end();
  return { value, offsets: reader.offsets };
}

/** Line and column of an offset, both counted from 1. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

class Reader {
  readonly offsets = new Map<string, number>();
  #offset = 0;

  constructor(private readonly text: string) {}

  value(path: string, depth: number): unknown {
    this.#match(SPACE);
    if (depth > MAX_DEPTH) throw new JsonSyntaxError(this.#offset, `at most ${MAX_DEPTH} levels`);
    this.offsets.set(path, this.#offset);
    if (this.#taken('{')) return this.#object(path, depth);
    if (this.#taken('[')) return this.#array(path, depth);
    const simple = this.#string() ?? this.#match(LITERAL);
    if (simple === undefined) throw new JsonSyntaxError(this.#offset, 'a value');
    return JSON.parse(simple);
  }

  end(): void {
    this.#match(SPACE);
    if (this.#offset < this.text.length) throw new JsonSyntaxError(this.#offset, 'the end');
  }

  #object(path: string, depth: number): Record<string, unknown> {
    const found: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    if (this.#closed('}')) return found;
    do {
      this.#match(SPACE);
      const name = this.#string();
      if (name === undefined) throw new JsonSyntaxError(this.#offset, 'a name in double quotes');
      const key = JSON.parse(name) as string;
      this.#demand(':');
      found[key] = this.value(path === '' ? key : `${path}.${key}`, depth + 1);
    } while (this.#another('}'));
    return found;
  }

  #array(path: string, depth: number): unknown[] {
    const found: unknown[] = [];
    if (this.#closed(']')) return found;
    do found.push(this.value(`${path}[${found.length}]`, depth + 1));
    while (this.#another(']'));
    return found;
  }

  #string(): string | undefined {
    const begin = this.#offset;
    const found = this.#match(STRING);
    const control = found === undefined ? -1 : found.split('').findIndex((unit) => unit < FIRST_PLAIN);
    if (control >= 0) throw new JsonSyntaxError(begin + control, 'no control character');
    return found;
  }

  #another(end: string): boolean {
    this.#match(SPACE);
    if (this.#taken(',')) return true;
    if (this.#taken(end)) return false;
    throw new JsonSyntaxError(this.#offset, `',' or '${end}'`);
  }

  #closed(end: string): boolean {
    this.#match(SPACE);
    return this.#taken(end);
  }

  #demand(sign: string): void {
    this.#match(SPACE);
    if (!this.#taken(sign)) throw new JsonSyntaxError(this.#offset, `'${sign}'`);
  }

  #taken(sign: string): boolean {
    if (this.text[this.#offset] !== sign) return false;
    this.#offset++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.text)?.[0];
    this.#offset += found?.length ?? 0;
    return found;
  }
}
