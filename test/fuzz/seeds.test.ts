import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import { beatSchema } from '../../main/election/beat.ts';
import {
  fragmentHashesSchema,
  headerSchema,
  manifestSchema,
  nodeRecordSchema,
  receiptSchema,
  sheetedHeaderSchema,
  toBase64url,
} from '../../main/model/index.ts';
import { controlMessageSchema } from '../../main/signalling/index.ts';
import { change, changes } from './changes.ts';
import { fieldsOf } from './from-schema.ts';
import { inputsOf } from './inputs.ts';
import { anyStatement, beat, FRAMES } from './seeds.ts';
import { isMade, isObject, isSigned, writeTree, type Tree } from './tree.ts';

/** Stands for an office: every name is of the right form. */
function aWord(name: string): string | number {
  const [word = ''] = name.split(':');
  const sizes: Readonly<Record<string, number>> = {
    key: 91,
    point: 65,
    enc: 65,
    sealed: 44,
    hash: 32,
    sheeted: 44,
    'sheet-hash': 32,
    ...{ store: 8, nonce: 16, proof: 32, digest: 32, statement: 32, tag: 4, signature: 64 },
  };
  if (word === 'sheet') return '{}';
  if (sizes[word]) return toBase64url(new Uint8Array(sizes[word]));
  if (['now', 'boot', 'count', 'term', 'ssrc', 'port'].includes(word)) return 1_000;
  if (word === 'link') return `corridor://join/${'A'.repeat(48)}`;
  if (word === 'extension') return '901';
  if (word === 'address') return '127.0.0.1';
  if (word === 'name') return 'Hostile';
  return toBase64url(new Uint8Array(16));
}

const write = (tree: Tree): string => writeTree(tree, aWord, () => toBase64url(new Uint8Array(64)));
const parses = (schema: v.GenericSchema, tree: Tree): boolean =>
  v.safeParse(schema, JSON.parse(write(tree))).success;
const sampled = (trees: fc.Arbitrary<Tree>, numRuns = 200): Tree[] => fc.sample(trees, { numRuns, seed: 1 });
const names = (tree: Tree): string[] => (isObject(tree) && !isMade(tree) ? Object.keys(tree) : []);

describe('the seeds of the fuzz suite', () => {
  for (const schema of controlMessageSchema.options) {
    const type = schema.entries.type.literal;
    it(`hold well-formed frames of the type ${type}, with every field`, () => {
      const frames = FRAMES.get(type);
      assert.ok(frames, 'a type of frame has no seed');
      const all = sampled(frames);
      const good = all.filter((frame) => parses(controlMessageSchema, frame));
      assert.ok(good.length >= all.length / 3, `${good.length} of ${all.length} are well formed`);
      assert.deepEqual(new Set(good.flatMap(names)), new Set(fieldsOf(schema)));
    });
  }

  it('hold every kind of signed statement, with every field', () => {
    const payloads = sampled(anyStatement, 2000).flatMap((tree) => (isSigned(tree) ? [tree.payload] : []));
    for (const schema of [
      headerSchema,
      sheetedHeaderSchema,
      fragmentHashesSchema,
      manifestSchema,
      nodeRecordSchema,
      receiptSchema,
    ]) {
      const good = payloads.filter((payload) => parses(schema, payload));
      assert.ok(good.length > 100, `${good.length} are well formed`);
      const seen = new Set(good.flatMap(names));
      assert.deepEqual(
        fieldsOf(schema).filter((field) => !seen.has(field)),
        [],
      );
    }
  });

  it('hold beats with every field', () => {
    const good = sampled(beat).filter((tree) => parses(beatSchema, tree));
    assert.ok(good.length > 50, `${good.length} are well formed`);
    assert.deepEqual(new Set(good.flatMap(names)), new Set(fieldsOf(beatSchema)));
  });
});

describe('the changes of the fuzz suite', () => {
  it('leave a part of the frames well formed, and make the others something else', () => {
    const frames = sampled(
      fc.tuple(fc.oneof(...FRAMES.values()), changes).map(([tree, all]) => change(tree, all)),
      2000,
    );
    const good = frames.filter((frame) => {
      try {
        return parses(controlMessageSchema, frame);
      } catch {
        return false;
      }
    });
    assert.ok(good.length > 400, `${good.length} of 2000 get past the schema`);
    assert.ok(good.length < 1800, `${good.length} of 2000 are still what they were`);
  });

  it('are the same for the same seed, and other ones for another', () => {
    assert.deepEqual(inputsOf(7, 50), inputsOf(7, 50));
    assert.notDeepEqual(inputsOf(7, 50), inputsOf(8, 50));
  });

  it('can be kept in a file: names, not what they stand for', () => {
    for (const input of inputsOf(9, 500)) assert.deepEqual(JSON.parse(JSON.stringify(input)), input);
  });
});
