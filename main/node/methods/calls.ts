import type { Result } from '../../../preload/api.ts';
import { readWav } from '../../../native-audio/index.ts';
import { isNotRecorded, noCall, noRecording, noSuchCall, partyOf, type CallView } from '../../calls/index.ts';
import { CorridorError, isExtension, readNumber, type CallId, type NodeId } from '../../model/index.ts';
import { calledFor, callPerson, effectOf, effectOfRowHere } from '../dial-effects.ts';
import { colleagueOf, requireSetUp, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { talkerOf } from '../talker-of.ts';

type Action = Checked<'controlCall'>['action'];

/** Calls between two people. */
export function callMethods(
  node: NodeContext,
): Pick<
  Handlers,
  | 'startCall'
  | 'controlCall'
  | 'transferCall'
  | 'setAutoAnswer'
  | 'pickUp'
  | 'forgetMissedCalls'
  | 'forgetRecording'
> {
  return {
    startCall: async ({ dial, person, reply, wavBase64, into }) => {
      requireSetUp(node);
      const called = personCalled(node, { dial, person, reply });
      return { id: await callPerson(node, called, samplesIn(wavBase64), into as CallId | undefined) };
    },
    controlCall: async ({ id, action, wavBase64 }) => {
      const which = (id as CallId | undefined) ?? meant(node, action);
      if (action === 'record') await node.recordings.start(which);
      else if (action === 'stop-recording') stopRecording(node, which);
      else await control(node, which, action, samplesIn(wavBase64));
      return node.views.status();
    },
    transferCall: ({ id, dial, person }) => {
      const to = calledFor(node, personCalled(node, { dial, person }));
      const call = (id as CallId | undefined) ?? transferred(node, to);
      const caller = node.calls.shown.find((one) => one.id === call)?.person;
      const as = node.calls.transfer(call, to);
      if (caller !== undefined) node.introductions.tell(as, caller, to);
      return node.views.status();
    },
    setAutoAnswer: async ({ person, isOn }) => {
      await node.autoAnswers.set(colleagueOf(node, person as NodeId).person, isOn);
      return node.views.people();
    },
    pickUp: async () => ({ id: await node.calls.pickUp() }),
    forgetRecording: () => {
      node.recordings.forget();
      return node.views.status();
    },
    forgetMissedCalls: async ({ person }): Promise<Result<'forgetMissedCalls'>> => {
      await node.missed.forget(person as NodeId | undefined);
      return node.views.status();
    },
  };
}

function personCalled(node: NodeContext, { dial, person, reply }: Partial<Checked<'startCall'>>): NodeId {
  if ([dial, person, reply].filter((one) => one !== undefined).length !== 1) {
    const sentence = 'A call is to a number, to a person, or to the talker of a message.';
    throw new CorridorError('bad-arguments', sentence, { phrase: null });
  }
  if (person !== undefined) return person as NodeId;
  if (reply !== undefined) return talkerOf(node, reply).person;
  const typed = readNumber(dial ?? '');
  // A number alone is called as with the code of calls before it.
  const effect = isExtension(typed) ? effectOfRowHere(node, 'call', typed) : effectOf(node, typed);
  if (effect.kind === 'call') return effect.nodes[0].person;
  if (effect.kind === 'nothing') {
    const { sentence, phrase } = effect.reason;
    throw new CorridorError('nobody', sentence, { phrase });
  }
  throw new CorridorError('call-one-person', 'A call has two ends: dial one extension.');
}

/** The call that an action is for where none is named. @throws CorridorError `no-call`, `no-recording`, `no-such-call` */
function meant(node: NodeContext, action: Action): CallId {
  const { shown } = node.calls;
  const rings = ({ isIncoming }: CallView): boolean => isIncoming;
  const isTalkedIn = ({ state }: CallView): boolean => state === 'active';
  const fits: readonly ((call: CallView) => boolean)[] = {
    answer: [rings],
    'hang-up': [isTalkedIn, ({ direction }: CallView) => direction === 'out', rings],
    mute: [isTalkedIn],
    unmute: [isTalkedIn],
    hold: [isTalkedIn],
    resume: [({ isHeld }: CallView) => isHeld],
    merge: [({ isHeld }: CallView) => isHeld],
    record: [isTalkedIn],
    'stop-recording': [({ recording }: CallView) => recording !== null],
  }[action];
  for (const fit of fits) {
    const call = shown.find(fit);
    if (call) return call.id;
  }
  if (action === 'stop-recording') throw noRecording();
  throw action === 'answer' ? noCall() : noSuchCall();
}

/** The call whose other side is put through to that person: not the one with them. @throws CorridorError `no-such-call` */
function transferred({ calls }: NodeContext, to: NodeId): CallId {
  const active = calls.shown.filter(({ state }) => state === 'active');
  const call = active.find(({ person }) => person !== to) ?? active[0];
  if (call) return call.id;
  throw noSuchCall();
}

/** @throws CorridorError `no-such-call`, `call-not-recorded` */
function stopRecording({ calls, recordings }: NodeContext, id: CallId): void {
  const party = partyOf(calls.shown, id);
  if (party.length === 0) throw noSuchCall();
  if (party.every(({ recording }) => recording === null)) throw isNotRecorded();
  recordings.stop();
}

async function control(
  { calls }: NodeContext,
  id: CallId,
  action: Exclude<Action, 'record' | 'stop-recording'>,
  pcm: Int16Array | undefined,
): Promise<void> {
  if (action === 'answer') await calls.answer(id, pcm);
  else if (action === 'hang-up') calls.hangUp(id);
  else if (action === 'mute' || action === 'unmute') calls.mute(id, action === 'mute');
  else if (action === 'merge') calls.merge(id, listenedTo(calls, id));
  else calls.hold(id, action === 'hold');
}

/** The call that the person is in, besides that one. @throws CorridorError `no-such-call` */
function listenedTo({ shown }: NodeContext['calls'], id: CallId): CallId {
  const active = shown.filter((call) => call.id !== id && call.state === 'active');
  const call = active.find(({ isHeld }) => !isHeld) ?? active[0];
  if (call) return call.id;
  throw noSuchCall();
}

function samplesIn(wavBase64: string | undefined): Int16Array | undefined {
  return wavBase64 === undefined ? undefined : readWav(Buffer.from(wavBase64, 'base64'));
}
