import type { MessageSummary, NodeEvent, Person, Status, TalkStatus } from '../../preload/api.ts';
import type { Identity } from '../identity/index.ts';
import type { MessageId } from '../model/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import type { Attendance } from './attendance.ts';
import type { Untimed } from './node-context.ts';
import type { Profile } from './profile.ts';
import type { Roster } from './roster.ts';
import type { Sound } from './sound.ts';
import type { Told } from './telling.ts';
import type { Troubles } from './troubles.ts';
import { VERSION } from './version.ts';
import { messageSummary, people, playbackStatus, talkStatus } from './views.ts';

export interface ShownParts {
  readonly profile: Profile;
  readonly identity: Identity;
  readonly sound: Sound;
  readonly roster: Roster;
  readonly store: MessageStore;
  readonly troubles: Troubles;
  readonly attendance: Attendance;
}

/** What a face is shown of the node, as it is at this moment. */
export class Shown implements Told {
  readonly #parts: ShownParts;

  constructor(parts: ShownParts) {
    this.#parts = parts;
  }

  status(): Status {
    const { profile, identity, sound, roster, store, troubles, attendance } = this.#parts;
    const { name, extension, presence, presenceUntil } = profile.settings;
    const { membership, office } = attendance;
    const role = membership?.role;
    const leader = role?.switch;
    const { playback } = membership?.player ?? {};
    const node =
      office && name !== null && extension !== null ? { id: identity.nodeId, name, extension } : null;
    return {
      version: VERSION,
      state: node ? 'running' : 'setup',
      node,
      presence,
      presenceUntil,
      role: role ? role.role : 'none',
      switch: leader ? { id: leader, name: roster.directory.get(leader)?.name ?? '' } : null,
      term: role?.term ?? 0,
      unheard: store.unheard().length,
      microphone: sound.state.microphone,
      speaker: sound.state.speaker,
      talking: this.talk(),
      talkTo: this.#talkTo(),
      playing: playback ? playbackStatus(playback) : null,
      troubles: troubles.list(),
      endpoints: membership ? roster.own.record.endpoints : null,
    };
  }

  talk(): TalkStatus | null {
    const { attendance, store, roster } = this.#parts;
    const talk = attendance.membership?.outgoing.current;
    if (!talk) return null;
    return talkStatus(talk, store.get(talk.id), roster.directory, (node) =>
      attendance.membership?.progressOf(talk.id).get(node),
    );
  }

  people(): readonly Person[] {
    const { roster, identity, attendance, profile } = this.#parts;
    const speaking = attendance.membership?.incoming.speaking ?? [];
    return people(roster.directory, identity.nodeId, speaking, profile.settings.favourites);
  }

  summary(message: StoredMessage): MessageSummary {
    const { attendance, roster } = this.#parts;
    const isTalking = attendance.membership?.outgoing.current?.id === message.id;
    return messageSummary(message, roster.directory, isTalking, (node) =>
      attendance.membership?.progressOf(message.id).get(node),
    );
  }

  whole(): readonly Untimed<NodeEvent>[] {
    const talk = this.talk();
    return [
      { type: 'status', status: this.status() },
      { type: 'people', people: this.people() },
      ...(talk ? [{ type: 'talk' as const, talk }] : []),
    ];
  }

  message(id: MessageId): Untimed<NodeEvent> | undefined {
    const message = this.#parts.store.get(id);
    if (!message || message.local.deletedAt !== undefined) return { type: 'message-gone', id };
    return message.roles.mine ? { type: 'message', message: this.summary(message) } : undefined;
  }

  #talkTo(): Status['talkTo'] {
    const { attendance, profile, roster } = this.#parts;
    const speaker = attendance.membership?.incoming.speaking[0]?.from;
    const extension = speaker ?? profile.settings.lastDialled;
    const [record] = extension === null ? [] : roster.directory.resolve(extension);
    return record ? { name: record.name, extension: record.extension } : null;
  }
}
