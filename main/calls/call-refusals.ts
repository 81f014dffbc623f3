import { CorridorError, MAX_PARTY } from '../model/index.ts';

export function noCall(): CorridorError {
  return new CorridorError('no-call', 'Nobody calls any more.');
}

export function noSuchCall(): CorridorError {
  return new CorridorError('no-such-call', 'There is no such call.');
}

export function unreachable(name: string): CorridorError {
  const sentence = `${name} is not there now. Leave a message: it is heard later.`;
  return new CorridorError('call-unreachable', sentence, { details: { name } });
}

export function tooOld(name: string): CorridorError {
  const sentence = `${name}’s Corridor is too old for calls. Talk to ${name} instead, until it is updated.`;
  return new CorridorError('call-too-old', sentence, { details: { name } });
}

/** The other side's computer supports no transfer. */
export function cannotTransfer(name: string): CorridorError {
  const sentence = `${name}’s Corridor is too old to be put through. Tell ${name} whom to call.`;
  return new CorridorError('call-cannot-transfer', sentence, { details: { name } });
}

/** A call of several cannot be transferred. */
export function ofSeveral(): CorridorError {
  const sentence = 'A call of several cannot be put through. Add the colleague to it instead.';
  return new CorridorError('call-of-several', sentence);
}

/** That person's computer supports no calls of several. */
export function cannotJoin(name: string): CorridorError {
  const sentence = `${name}’s Corridor is too old for calls of several. Talk with ${name} alone, until it is updated.`;
  return new CorridorError('call-cannot-join', sentence, { details: { name } });
}

export function isFull(): CorridorError {
  const sentence = `At most ${MAX_PARTY} people can be in a call.`;
  return new CorridorError('call-is-full', sentence, { details: { most: MAX_PARTY } });
}

/** That person's computer does not tell them that they are recorded. */
export function cannotRecord(name: string): CorridorError {
  const sentence = `${name}’s Corridor is too old to say that you record. Nothing is recorded until it is updated.`;
  return new CorridorError('call-cannot-record', sentence, { details: { name } });
}

export function isRecorded(): CorridorError {
  return new CorridorError('call-is-recorded', 'You record a call already. Stop that first.');
}

export function noRecording(): CorridorError {
  return new CorridorError('no-recording', 'You record no call.');
}

/** It is another call that is recorded, or none is. */
export function isNotRecorded(): CorridorError {
  return new CorridorError('call-not-recorded', 'You do not record that call.');
}

export function isNotRecordedHeld(): CorridorError {
  return new CorridorError('call-is-held', 'A call that is held is not recorded. Go on with it first.');
}

export function toSame(): CorridorError {
  return new CorridorError('transfer-to-same', 'They talk with you already: choose somebody else.');
}
