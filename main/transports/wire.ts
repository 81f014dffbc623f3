import * as v from 'valibot';
import type { NodeEvent, Phrase } from '../../preload/api.ts';

/**
 * What goes over the local socket: one JSON object a line. `{id, method, args}` is answered by `{id, ok: true, result}` or
 * `{id, ok: false, code, error, saying}`; after `{id, method: 'events'}` a line `{event}` comes for all that happens.
 */

/** A request, and every event, stays below this many bytes. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** A recording to be spoken, as a request; and any answer, for a message may be exported. */
export const MAX_BULK_LINE_BYTES = 256 * 1024 * 1024;

/** How a request begins that may be long: the names in this order, without spaces. */
const BULK_BEGINNING = /^\{"id":[0-9]{1,15},"method":"(?:talkRecording|startCall|controlCall)",/;

/** How long a request may become, by how it begins. */
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
      /** For the panel; the command line is told in English. */
      readonly phrase?: Phrase | null | undefined;
    }
  | { readonly event: NodeEvent };

/** The line as JSON of the schema's form; undefined where it is neither. */
export function parseLine<S extends v.GenericSchema>(line: string, schema: S): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
