import fc from 'fast-check';
import { smallSignedSchema } from '../../main/identity/joining/frames.ts';
import { signedHeaderSchema, signedSchema } from '../../main/model/index.ts';
import type { Tree } from './tree.ts';

/*
 * Well-formed values, made from the schemas themselves: a frame or a field that is added is sent, and changed, by itself.
 */

/** What is read of a valibot schema: its kind, its parts, and the checks in its pipe. */
interface SchemaParts {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaParts>>;
  readonly item?: SchemaParts;
  readonly items?: readonly SchemaParts[];
  readonly wrapped?: SchemaParts;
  readonly options?: readonly unknown[];
  readonly literal?: string | number | boolean;
  readonly pipe?: readonly PipeItem[];
}

interface PipeItem extends SchemaParts {
  readonly name?: string;
  readonly requirement?: unknown;
}

/** A well-formed value for a field of this name, where its name says more than its schema does. */
export type Meanings = (field: string, schema: object) => fc.Arbitrary<Tree> | undefined;

const SIGNED = new Set<object>([signedSchema, signedHeaderSchema, smallSignedSchema]);
const MOST_ITEMS = 4;
const MOST_TEXT = 40;

const NODES = ['§node:0', '§node:1', '§node:2', '§node:3', '§node:4', '§self', '§puppet:0', '§puppet:1'];
const MESSAGES = ['§own:0', '§own:1', '§own:2', '§own:3', '§message:0', '§message:1', '§message:2', '§id:0'];
const BRANDS: Readonly<Record<string, readonly Tree[]>> = {
  NodeId: NODES,
  MessageId: MESSAGES,
  CallId: MESSAGES,
};

/** @param signedOf the signed statements that a field of this name holds */
export function arbitraryOf(
  schema: object,
  meanings: Meanings,
  signedOf: (field: string) => fc.Arbitrary<Tree>,
  field = '',
): fc.Arbitrary<Tree> {
  const meaning = meanings(field, schema);
  if (meaning) return meaning;
  if (SIGNED.has(schema)) return signedOf(field);
  const below = (part: SchemaParts, name = field) => arbitraryOf(part, meanings, signedOf, name);
  const { type, entries, item, items, wrapped, options, literal, pipe = [] } = schema as SchemaParts;
  const brand = pipesOf(schema as SchemaParts).find((action) => action.type === 'brand')?.name ?? '';
  if (BRANDS[brand]) return fc.constantFrom(...BRANDS[brand]);
  switch (type) {
    case 'object':
    case 'strict_object':
    case 'loose_object':
      return fc.record(
        Object.fromEntries(Object.entries(entries ?? {}).map(([name, part]) => [name, below(part, name)])),
        {
          noNullPrototype: true,
          requiredKeys: Object.keys(entries ?? {}).filter((name) => !isOptional(entries?.[name])),
        },
      );
    case 'array':
      return fc.array(below(item ?? { type: 'unknown' }), {
        minLength: Number(limit(pipe, 'min_length') ?? 0),
        maxLength: Math.min(MOST_ITEMS, Number(limit(pipe, 'max_length') ?? MOST_ITEMS)),
      });
    case 'tuple':
    case 'strict_tuple':
      return fc.tuple(...(items ?? []).map((part) => below(part)));
    case 'variant':
    case 'union':
      return fc.oneof(...(options ?? []).map((option) => below(option as SchemaParts)));
    case 'optional':
    case 'nullable':
    case 'exact_optional':
      return below(wrapped ?? { type: 'unknown' });
    case 'literal':
      return fc.constant(literal ?? null);
    case 'picklist':
      return fc.constantFrom(...((options ?? []) as Tree[]));
    case 'boolean':
      return fc.boolean();
    case 'number':
      return numberOf(pipe);
    case 'string':
      return textOf(pipe);
    default:
      return fc.constant(null);
  }
}

/** The fields of an object schema, or of one within a pipe. */
export function fieldsOf(schema: object): readonly string[] {
  return Object.keys((schema as SchemaParts).entries ?? {});
}

const isOptional = (part: SchemaParts | undefined): boolean => part?.type === 'optional';

/** All actions of a schema's pipe, those of pipes within it too. */
function pipesOf(schema: SchemaParts): PipeItem[] {
  return (schema.pipe ?? []).flatMap((action) =>
    action.pipe && (action as SchemaParts) !== schema ? [action, ...pipesOf(action)] : [action],
  );
}

function limit(pipe: readonly PipeItem[], type: string): unknown {
  return pipe.findLast((action) => action.type === type)?.requirement;
}

function numberOf(pipe: readonly PipeItem[]): fc.Arbitrary<number> {
  const min = Number(limit(pipe, 'min_value') ?? 0);
  const max = Number(limit(pipe, 'max_value') ?? Number.MAX_SAFE_INTEGER);
  const small = fc.integer({ min, max: Math.min(max, min + 1000) });
  return fc.oneof(
    small,
    fc.maxSafeInteger().filter((n) => n >= min && n <= max),
    fc.constantFrom(min, max),
  );
}

function textOf(pipe: readonly PipeItem[]): fc.Arbitrary<string> {
  const min = Number(limit(pipe, 'min_length') ?? 0);
  const max = Number(limit(pipe, 'max_length') ?? MOST_TEXT);
  const pattern = limit(pipe, 'regex');
  const fits = (text: string): boolean =>
    text.length >= min && text.length <= max && (!(pattern instanceof RegExp) || pattern.test(text));
  const plain = ['a'.repeat(Math.max(min, 1)), '101', 'Dana', '', 'quit'].filter(fits);
  const unit = fc.constantFrom('a', 'b', 'X', 'Z', '0', '9', '_', '-');
  const base = fc.string({ unit, minLength: min, maxLength: Math.max(min, Math.min(max, MOST_TEXT)) });
  return plain.length > 0 ? fc.oneof(fc.constantFrom(...plain), base.filter(fits)) : base.filter(fits);
}
