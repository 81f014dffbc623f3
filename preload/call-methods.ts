import * as v from 'valibot';
import { dialText, idText } from './id-text.ts';

/** WAV bytes in base64. */
const recording = v.optional(v.pipe(v.string(), v.maxLength(200 * 1024 * 1024)));

/** The methods for calls between two people. */
export const callMethods = {
  /**
   * Calls a person, by their dialled extension, their id, or a message that they spoke. A message that this person is saying to them alone
   * ends by that. A recording (WAV bytes in base64) is sent instead of the microphone, and then silence.
   */
  startCall: {
    args: v.strictObject({
      dial: v.optional(dialText),
      person: v.optional(idText),
      /** The message; `last`: whoever is speaking to this person now, else whoever spoke the last one that came. */
      reply: v.optional(v.union([v.literal('last'), idText])),
      wavBase64: recording,
      /** The active call into which they are called. */ into: v.optional(idText),
    }),
  },
  /**
   * `id` left out: the call that the action fits best. `hang-up` also declines a ringing call, and dismisses an ended one. Resuming one call
   * holds the other. `record` keeps both sides in a file, once everybody in the call is told; until then nothing is kept, and where it
   * cannot be it is refused. `merge` brings the call into the one that the person is in.
   */
  controlCall: {
    args: v.strictObject({
      id: v.optional(idText),
      action: v.picklist([
        'answer',
        'hang-up',
        'mute',
        'unmute',
        'hold',
        'resume',
        'merge',
        'record',
        'stop-recording',
      ]),
      /** For `answer`: a recording as in `startCall`. */
      wavBase64: recording,
    }),
  },
  /**
   * Transfers the other side of a call to that person. If this person is in another call with them, the two are connected at once; otherwise
   * it rings there, and the other side is back if nobody answers. `id` left out: the call that this fits best.
   */
  transferCall: {
    args: v.strictObject({
      id: v.optional(idText),
      dial: v.optional(dialText),
      person: v.optional(idText),
    }),
  },
  /**
   * From now on calls of that colleague are answered by themselves, or not: after a tone, at the computer that this person touched last,
   * and only while they are available and neither talk nor listen. Otherwise they ring as any.
   */
  setAutoAnswer: { args: v.strictObject({ person: idText, isOn: v.boolean() }) },
  /** Picks up the call that has rung longest at colleagues who are in a group with this person. */
  pickUp: { args: v.optional(v.strictObject({})) },
  /** `Status.recording` was seen. */
  forgetRecording: { args: v.optional(v.strictObject({})) },
  /** Forgets that person's missed calls; left out: all. */
  forgetMissedCalls: { args: v.strictObject({ person: v.optional(idText) }) },
} as const;
