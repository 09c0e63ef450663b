import { remembered, type Ids } from '../../kernel/index.ts';
import { runtimeFailure, StateFailure } from '../failure.ts';
import type { Json } from '../json.ts';
import { INTRINSICS } from './intrinsics.ts';
import { lookUp, type PathRoots } from './lookup.ts';

/** A parsed `States.…(…)` call: a function of what paths stand for. */
type Expression = (roots: PathRoots, ids: Ids) => Json;

const MAX_PARSED = 10_000;

/** Evaluates an intrinsic call, for instance `States.Format('{} rows', $.count)`. */
export function callIntrinsic(source: string, roots: PathRoots, ids: Ids): Json {
  return parseIntrinsic(source)(roots, ids);
}

/** @throws StateFailure `States.Runtime` where the text is no intrinsic call. */
export const parseIntrinsic = remembered(MAX_PARSED, (source): Expression => new IntrinsicParser(source).whole());

class IntrinsicParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): Expression {
    const expression = this.#expression();
    this.#match(/\s*/y);
    if (this.#at < this.#source.length) throw this.#invalid();
    return expression;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #invalid(): Error {
    return runtimeFailure(`Invalid intrinsic function '${this.#source}'`);
  }

  #expression(): Expression {
    this.#match(/\s*/y);
    const quoted = this.#match(/'(?:\\[\s\S]|[^'\\])*'/y);
    if (quoted !== undefined) {
      // `\{` and `\}` are for States.Format to undo.
      const text = quoted.slice(1, -1).replace(/\\([^{}])/g, '$1');
      return () => text;
    }
    const name = this.#match(/States\.\w+(?=\s*\()/y);
    if (name !== undefined) return this.#call(name);
    const path = this.#match(/\$(?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|\([^)]*\)|[^,()[\]\s])*/y);
    if (path !== undefined)
      return (roots) => {
        const value = lookUp(path, roots);
        if (value === undefined)
          throw new StateFailure('States.IntrinsicFailure', `The path '${path}' could not be found in the input`);
        return value;
      };
    const literal = this.#match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (literal === undefined) throw this.#invalid();
    const value = JSON.parse(literal) as Json;
    return () => value;
  }

  #call(name: string): Expression {
    const intrinsic = Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined;
    if (!intrinsic) throw runtimeFailure(`Unknown intrinsic function ${name}`);
    this.#match(/\s*\(\s*/y);
    const values: Expression[] = [];
    if (this.#match(/\s*\)/y) === undefined)
      do values.push(this.#expression());
      while (this.#match(/\s*,/y) !== undefined || (this.#match(/\s*\)/y) ?? this.#fail()) === undefined);
    const [least, most] = intrinsic.takes;
    if (values.length < least || values.length > most)
      throw runtimeFailure(`Wrong number of arguments: '${this.#source}'`);
    return (roots, ids) =>
      intrinsic.run(
        values.map((value) => value(roots, ids)),
        ids,
      );
  }

  #fail(): never {
    throw this.#invalid();
  }
}
