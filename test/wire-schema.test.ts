import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { compileWireSchema } from '../collector/src/ingest/wire-schema.js';
import { sampleEnvelope, sampleIncident, sampleSession } from '../collector/test/sample-envelope.js';
import { wireSchemaFile } from '../scripts/wire-schema.js';

type Schema = {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

const file = readFileSync('schema.json', 'utf8');
const schema = JSON.parse(file) as Schema & { readonly $defs: Record<string, Schema> };

it('schema.json says what the types say; if not, run `npm run docs`', () => {
  expect(file).toBe(wireSchemaFile());
});

describe('an envelope', () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

  it('that the SDK sends is valid', () => {
    expect(validate(sampleEnvelope({ records: [sampleIncident(), sampleSession()] })), text(validate.errors)).toBe(
      true,
    );
    expect(validate(sampleEnvelope({ records: [], dropped: { expired: 2 } })), text(validate.errors)).toBe(true);
  });

  it('with more than this version knows is valid, too', () => {
    expect(validate({ ...sampleEnvelope(), newer: true }), text(validate.errors)).toBe(true);
  });

  it.each([
    ['no batch', { ...sampleEnvelope(), batch: undefined }],
    [
      'a record without an id',
      sampleEnvelope({ records: [{ ...sampleIncident(), id: undefined as unknown as string }] }),
    ],
    ['a word that is none', sampleEnvelope({ records: [{ ...sampleIncident(), status: 'gone' as 'open' }] })],
    ['a counter that is no number', { ...sampleEnvelope(), dropped: { expired: 'two' } }],
  ])('with %s is not', (_, envelope) => {
    expect(validate(JSON.parse(JSON.stringify(envelope)))).toBe(false);
  });
});

describe('the collector', () => {
  const { envelope, incident, session } = compileWireSchema(true);
  const definitions = schema.$defs;

  it.each([
    ['envelope', schema, envelope],
    ['incident', definitions.IncidentRecord, incident],
    ['session', definitions.SessionRecord, session],
  ])('takes every %s that the schema allows', (name, sent, { schema: taken }) => {
    expect(complaints(name, sent as Schema, taken as Schema)).toEqual([]);
  });

  /** Where what is taken is narrower than what may be sent. Lengths and ranges are left out: types do not tell them. */
  function complaints(path: string, given: Schema, taken: Schema): string[] {
    const sent = given.$ref ? (definitions[given.$ref.replace('#/$defs/', '')] ?? {}) : given;
    if (sent.anyOf) return sent.anyOf.flatMap((one) => complaints(path, one, taken));
    const found: string[] = [];
    const words = sent.enum ?? (sent.const === undefined ? [] : [sent.const]);
    const takenWords = taken.enum;
    if (takenWords) {
      for (const word of words) if (!takenWords.includes(word)) found.push(`${path}: ${String(word)} is not taken`);
      if (!words.length) found.push(`${path}: any ${String(sent.type)} may be sent, only some words are taken`);
    }
    const types = new Set([taken.type ?? []].flat());
    const sentTypes = words.length ? words.map((word) => typeof word) : [sent.type ?? 'object'].flat();
    for (const type of sentTypes) {
      if (types.size && !types.has(type as string) && !(type === 'number' && types.has('integer')))
        found.push(`${path}: ${String(type)} is not taken`);
    }
    for (const name of taken.required ?? []) {
      if (!sent.required?.includes(name)) found.push(`${path}.${name}: needed, and need not be sent`);
    }
    for (const [name, property] of Object.entries(taken.properties ?? {})) {
      const own = sent.properties?.[name];
      if (own) found.push(...complaints(`${path}.${name}`, own, property));
    }
    if (taken.items && sent.items) found.push(...complaints(`${path}[]`, sent.items, taken.items));
    return found;
  }
});

function text(errors: unknown): string {
  return JSON.stringify(errors);
}
