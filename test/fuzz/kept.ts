import * as v from 'valibot';
import type { Input } from './inputs.ts';

const schema = v.object({
  /** What it did, in a few words: the name of its test. */
  problem: v.string(),
  inputs: v.array(v.custom<Input>((value) => typeof value === 'object' && value !== null && 'via' in value)),
});

/** Inputs that did something, as a file holds them. */
export type Kept = v.InferOutput<typeof schema>;

/** @throws where the file is not one that this suite wrote */
export function readKept(text: string): Kept {
  return v.parse(schema, JSON.parse(text));
}

export function writeKept(kept: Kept): string {
  return `${JSON.stringify(kept, null, 2)}\n`;
}
