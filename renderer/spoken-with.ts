import type { Person, Status, TalkStatus } from '../preload/api.ts';

/** The facts that say whom this person is speaking with. */
export interface Speech {
  readonly people: readonly Pick<Person, 'id' | 'speaking' | 'presence'>[];
  readonly status: Pick<Status, 'waiting' | 'talkTo' | 'calls'> | null;
  readonly talk: Pick<TalkStatus, 'page' | 'recipients'> | null;
  /** The people who can be called. */
  readonly callable: ReadonlySet<string>;
}

/**
 * The people whom one click calls, because a message between them and this person goes on: the talkers who are heard or queued, the one
 * whom a reply reaches, and the one listener of this person. Only who can be called is among them. Pure.
 */
export function spokenWith({ people, status, talk, callable }: Speech): ReadonlySet<string> {
  const [listener, ...others] = talk?.page ? [] : (talk?.recipients ?? []);
  const isHeard = others.length === 0 && (listener?.state === 'hearing' || listener?.state === 'queued');
  const speaking = people.filter((one) => one.speaking).map(({ id }) => id);
  const answered = status?.talkTo?.isReply ? status.talkTo.people : [];
  const waiting = (status?.waiting ?? []).map(({ person }) => person);
  return new Set(
    [...speaking, ...answered, ...waiting, ...(isHeard ? [listener.id] : [])].filter((person) =>
      callable.has(person),
    ),
  );
}

/** The people who can be called: neither offline, nor in a call with this person or called by them. Pure. */
export function callable({ people, status }: Pick<Speech, 'people' | 'status'>): ReadonlySet<string> {
  const called = new Set(status?.calls.flatMap(({ person, state }) => (state === 'ended' ? [] : person)));
  return new Set(people.flatMap(({ id, presence }) => (presence === 'offline' || called.has(id) ? [] : id)));
}
