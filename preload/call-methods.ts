import * as v from 'valibot';
import { dialText, idText } from './id-text.ts';

/** WAV bytes in base64. */
const recording = v.optional(v.pipe(v.string(), v.maxLength(200 * 1024 * 1024)));

/** The methods for calls between two people. */
export const callMethods = {
  /**
   * Calls the person whose extension is dialled, or that person. With a recording (WAV bytes in base64) that is spoken instead of the
   * microphone, and then silence.
   */
  startCall: {
    args: v.strictObject({
      dial: v.optional(dialText),
      person: v.optional(idText),
      wavBase64: recording,
      /** The call that goes on, into which they are called. */ into: v.optional(idText),
    }),
  },
  /**
   * `id` left out: the call that this fits best. `hang-up` also takes a call not now, and puts away why one ended. Who resumes one call
   * holds the other. `merge` brings the call into the one that the person is in.
   */
  controlCall: {
    args: v.strictObject({
      id: v.optional(idText),
      action: v.picklist(['answer', 'hang-up', 'mute', 'unmute', 'hold', 'resume', 'merge']),
      /** For `answer`: as with `startCall`. */
      wavBase64: recording,
    }),
  },
  /**
   * Puts the other side of a call through to that person. Who is in another call with them connects the two at once; else it rings
   * there, and the other side is back where nobody answers. `id` left out: the call that this fits best.
   */
  transferCall: {
    args: v.strictObject({
      id: v.optional(idText),
      dial: v.optional(dialText),
      person: v.optional(idText),
    }),
  },
  /** Takes the call that has rung longest at colleagues who are in a group with this person. */
  pickUp: { args: v.optional(v.strictObject({})) },
  /** That person's missed calls; left out: all. */
  forgetMissedCalls: { args: v.strictObject({ person: v.optional(idText) }) },
} as const;
