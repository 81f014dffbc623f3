import * as v from 'valibot';
import type { NodeEvent, Phrase } from '../../preload/api.ts';

/**
 * The format of the local socket: one JSON object a line. `{id, method, args}` is answered by `{id, ok: true, result}` or
 * `{id, ok: false, code, error, phrase}`; after `{id, method: 'events'}` a line `{event}` follows for every event.
 */

/** The longest request or event, bytes. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** The longest request with a recording, and the longest answer, since a message may be exported, bytes. */
export const MAX_BULK_LINE_BYTES = 256 * 1024 * 1024;

/** The beginning of a request that may be long: the fields in this order, without spaces. */
const BULK_BEGINNING = /^\{"id":[0-9]{1,15},"method":"(?:talkRecording|startCall|controlCall)",/;

/** The length limit of a request, by its beginning. */
export function requestLimit(beginning: string): number {
  return BULK_BEGINNING.test(beginning) ? MAX_BULK_LINE_BYTES : MAX_LINE_BYTES;
}

const requestId = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const requestSchema = v.strictObject({
  id: requestId,
  method: v.pipe(v.string(), v.maxLength(64)),
  args: v.optional(v.unknown()),
});

export const answerSchema = v.union([
  v.object({ id: requestId, ok: v.literal(true), result: v.optional(v.unknown(), null) }),
  v.object({ id: v.nullable(requestId), ok: v.literal(false), code: v.string(), error: v.string() }),
  v.object({ event: v.looseObject({ at: v.number(), type: v.string() }) }),
]);
export type Answer =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly id: number | null;
      readonly ok: false;
      readonly code: string;
      readonly error: string;
      /** For the panel; the command line shows the English sentence. */
      readonly phrase?: Phrase | null | undefined;
    }
  | { readonly event: NodeEvent };

/** Parses a line as JSON of the schema's form; undefined where it is not. */
export function parseLine<S extends v.GenericSchema>(line: string, schema: S): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
