import * as v from 'valibot';
import { methods, type MethodName } from '../../preload/api.ts';

/** The run-time structure of a valibot schema. */
interface Known {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Known>>;
  readonly wrapped?: Known;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
}

type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export interface WrongCall {
  readonly method: MethodName;
  readonly args: unknown;
  /** For the message of a failed test. */
  readonly what: string;
}

const ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const STATEMENT = 'A'.repeat(43);
/** An office's tag. */
const TAG = '3f7a-91c2';
/** Every field accepts at least one of these. */
const CANDIDATES: readonly unknown[] = [
  'x',
  '101',
  'next',
  ID,
  STATEMENT,
  TAG,
  'de',
  'F9',
  1,
  100,
  0,
  false,
  [],
  [ID],
  null,
  {},
  { place: 1, id: ID },
];
const LONG = 'x'.repeat(300_000);
/** The only field that may be long: a recording. */
const MAY_BE_LONG = new Set(['wavBase64']);
/** Values of each type that no field accepts. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1.5e300,
  '',
  LONG,
  '\u0000',
  [ID],
  [[]],
  { dial: '1' },
  {},
];
/** Values that are wrong for every field, even of the right type. */
const NEVER: readonly unknown[] = [-1, LONG, [null], [[[]]]];

/**
 * Calls that every method must refuse, made from the schemas: each field with every wrong type, out of bounds, and missing; an extra field;
 * and arguments that are no object.
 */
export function wrongCalls(): WrongCall[] {
  const calls: WrongCall[] = [];
  for (const method of Object.keys(methods) as MethodName[]) {
    const schema = objectOf(methods[method].args);
    const entries = schema.entries ?? {};
    const right = Object.fromEntries(Object.entries(entries).map(([name, field]) => [name, sample(field)]));
    const add = (args: unknown, what: string): void => void calls.push({ method, args, what });
    for (const args of [5, -0.5, 'status', true, [1], [[]], LONG]) add(args, `${short(args)} as arguments`);
    add({ ...right, extra: 1 }, 'a field too many');
    add({ ...right, [LONG]: 1 }, 'a field too many, with a long name');
    for (const [name, field] of Object.entries(entries)) {
      const { [name]: _left, ...others } = right;
      if (field.type !== 'optional') add(others, `without ${name}`);
      const takes = typesOf(field);
      for (const value of VALUES) {
        const isWrong = !takes.has(typeOf(value)) || NEVER.includes(value);
        if (isWrong && !(MAY_BE_LONG.has(name) && value === LONG))
          add({ ...right, [name]: value }, `${name}: ${short(value)}`);
      }
      // Would pollute Object.prototype if it were copied carelessly.
      const polluted = JSON.parse(
        `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
      ) as object;
      add(Object.assign(polluted, { [name]: { __proto__: null } }), `${name}: polluted`);
    }
  }
  return calls;
}

function objectOf(schema: Known): Known {
  return schema.type === 'strict_object' || !schema.wrapped ? schema : objectOf(schema.wrapped);
}

function sample(schema: Known): unknown {
  const plain = schema.type === 'optional' && schema.wrapped ? schema.wrapped : schema;
  const options = (plain.options ?? []).filter((option) => typeof option === 'string');
  const found = [...options, ...CANDIDATES].find((value) => v.is(plain as unknown as v.GenericSchema, value));
  if (found === undefined)
    throw new Error(`nothing valid is known for ${JSON.stringify(plain).slice(0, 200)}`);
  return found;
}

/** The JSON types that a schema takes. */
function typesOf(schema: Known): Set<JsonType> {
  switch (schema.type) {
    case 'optional':
    case 'nullable':
    case 'nullish': {
      const types = typesOf(schema.wrapped ?? schema);
      return schema.type === 'optional' ? types : types.add('null');
    }
    case 'union':
      return new Set((schema.options as readonly Known[]).flatMap((option) => [...typesOf(option)]));
    case 'picklist':
    case 'literal':
    case 'string':
      return new Set(['string']);
    case 'number':
      return new Set(['number']);
    case 'boolean':
      return new Set(['boolean']);
    case 'array':
      return new Set(['array']);
    case 'strict_object':
      return new Set(['object']);
    default:
      throw new Error(`a schema of type ${schema.type} is not known here: add it`);
  }
}

function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as JsonType;
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text;
}
