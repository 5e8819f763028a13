import ts from 'typescript';

type Schema = Record<string, unknown>;

const SOURCE = 'src/delivery/envelope.ts';
/** Hints for the page itself, which no record carries. */
const NEVER_SENT = ['local'];

/** The JSON Schema of an envelope, generated from the TypeScript types that the SDK is compiled with. */
export function wireSchema(): Schema {
  const program = ts.createProgram([SOURCE], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2020,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(SOURCE);
  const file = source && checker.getSymbolAtLocation(source);
  const envelope = file && checker.getExportsOfModule(file).find(({ name }) => name === 'Envelope');
  if (!envelope) throw new Error(`${SOURCE} exports no Envelope`);
  const definitions: Record<string, Schema> = {};

  function schemaOf(type: ts.Type): Schema {
    if (type.isUnion()) return unionOf(type.types);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.String) return { type: 'string' };
    if (type.flags & ts.TypeFlags.Number) return { type: 'number' };
    if (type.flags & ts.TypeFlags.BooleanLike) return booleanOf(type);
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & ts.TypeFlags.NonPrimitive) return { type: 'object' };
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (checker.isArrayLikeType(type)) {
      const item = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
      return { type: 'array', items: item ? schemaOf(item) : {} };
    }
    return named(type);
  }

  function booleanOf(type: ts.Type): Schema {
    const word = checker.typeToString(type);
    return word === 'boolean' ? { type: 'boolean' } : { const: word === 'true' };
  }

  function unionOf(types: readonly ts.Type[]): Schema {
    const present = types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const literals = present.filter((type) => type.isStringLiteral() || type.isNumberLiteral());
    const isBoolean = present.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const others = present.filter(
      (type) =>
        !literals.includes(type as ts.StringLiteralType) && !(isBoolean && type.flags & ts.TypeFlags.BooleanLiteral),
    );
    const parts = [
      ...(literals.length ? [{ enum: literals.map((type) => (type as ts.StringLiteralType).value).sort() }] : []),
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...others.map(schemaOf),
    ];
    return parts.length === 1 && parts[0] ? parts[0] : { anyOf: parts };
  }

  /** Interfaces become definitions, so that the schema reads like the types. */
  function named(type: ts.Type): Schema {
    // An intersection has properties and no name.
    if (!type.symbol) return objectOf(type);
    const { name } = type.symbol;
    const isReference = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
    const isGeneric = isReference && checker.getTypeArguments(type as ts.TypeReference).length > 0;
    const isInterface = (type.symbol.flags & ts.SymbolFlags.Interface) !== 0 && !isGeneric;
    if (!isInterface) return objectOf(type);
    if (!(name in definitions)) {
      definitions[name] = {};
      definitions[name] = { ...describe(type.symbol), ...objectOf(type) };
    }
    return { $ref: `#/$defs/${name}` };
  }

  function objectOf(type: ts.Type): Schema {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of checker.getPropertiesOfType(type)) {
      if (NEVER_SENT.includes(property.name)) continue;
      properties[property.name] = { ...describe(property), ...schemaOf(checker.getTypeOfSymbol(property)) };
      if (!(property.flags & ts.SymbolFlags.Optional)) required.push(property.name);
    }
    const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    return {
      type: 'object',
      ...(Object.keys(properties).length && { properties }),
      ...(required.length && { required }),
      ...(values && { additionalProperties: schemaOf(values) }),
    };
  }

  function describe(symbol: ts.Symbol): Schema {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim();
    return text ? { description: text } : {};
  }

  const body = objectOf(checker.getDeclaredTypeOfSymbol(envelope));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Envelope of socket.io-diagnostics, schema 1.0',
    ...describe(envelope),
    ...body,
    $defs: Object.fromEntries(Object.entries(definitions).sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** The file in the package. */
export function wireSchemaFile(): string {
  return `${JSON.stringify(wireSchema(), null, 2)}\n`;
}
