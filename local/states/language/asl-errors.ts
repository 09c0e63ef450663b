import { createRequire } from 'node:module';

/** What asl-validator finds wrong with a definition. */
export interface AslError {
  readonly 'Error code': string;
  readonly Message: string;
  readonly path?: string;
}

type AslValidator = (definition: unknown, options: object) => { readonly errors: readonly AslError[] };
interface Compiled {
  addKeyword(): unknown;
}
type SchemaCompiler = new (options: object) => Compiled;

// The package has no types of its own.
const require = createRequire(import.meta.url);
const validate = require('asl-validator') as AslValidator;
const ajv = createRequire(require.resolve('asl-validator'))('ajv') as { default: SchemaCompiler };

let kept: Compiled | undefined;
const Compiler = ajv.default;

/** The compiler asl-validator makes for every definition, with the same schemas each time; compiling them takes some 0.3 s. */
const KeptCompiler = function (options: object): Compiled {
  // Formats may be given again; keywords may not, and are those of the first time.
  if (kept) kept.addKeyword = () => kept;
  return (kept ??= new Compiler(options));
} as unknown as SchemaCompiler;

/** What the schema of the states language, and the checks that go with it, say of a definition. */
export function aslErrors(definition: object): readonly AslError[] {
  ajv.default = KeptCompiler;
  try {
    // It writes defaults into what it is given.
    return validate(structuredClone(definition), { checkPaths: true, checkArn: false }).errors;
  } finally {
    ajv.default = Compiler;
  }
}
