import type { Calls } from '../calls/index.ts';
import type { Messages } from '../messages/index.ts';
import type { CallId, NodeId } from '../model/index.ts';
import type { Attention } from './attention.ts';

interface PersonsPort {
  personOf(node: NodeId): NodeId | undefined;
}

/** The person's ear, as their calls hold it: the voice of whoever they speak with is heard out. */
export function callEar({ ear }: Pick<Messages, 'ear'>, office: PersonsPort) {
  return {
    hold: (call: CallId, node: NodeId): void => {
      const person = office.personOf(node);
      ear.hold(`call ${call}`, (talker) => office.personOf(talker) === person);
    },
    release: (call: CallId): void => ear.release(`call ${call}`),
    get loudness(): number {
      return ear.loudness;
    },
  };
}

/** Whether the person listens to something, or talks. */
export function isEngaged({ ear, outgoing }: Pick<Messages, 'ear' | 'outgoing'>): boolean {
  return ear.isTaken || outgoing.current !== undefined;
}

interface CallingParts {
  readonly calls: Pick<Calls, 'events' | 'isCalling' | 'refreshVoices'>;
  readonly messages: Pick<Messages, 'ear'>;
  readonly attention: Pick<Attention, 'isCalling'>;
  /** To be called when colleagues are to see that this person is busy, and that they are not any more. */
  readonly describe: () => void;
}

/** Holds the ear from the first ring on, before there is an answer, until the last call has ended. */
export function holdEarWhileCalling({ calls, messages: { ear }, attention, describe }: CallingParts): void {
  ear.onLoudness(() => calls.refreshVoices());
  calls.events.on('changed', () => {
    const { isCalling } = calls;
    if (isCalling === attention.isCalling) return;
    attention.isCalling = isCalling;
    if (isCalling) ear.hold('calling');
    else ear.release('calling');
    describe();
  });
}
