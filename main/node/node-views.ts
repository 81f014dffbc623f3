import type {
  Caption,
  DialRow,
  Group,
  JoinRequests,
  MessageSummary,
  NodeEvent,
  Person,
  Status,
  TalkStatus,
} from '../../preload/api.ts';
import type { Identity } from '../identity/index.ts';
import { lostCodesIn, type Clock, type DialCodes, type MessageId, type NodeId } from '../model/index.ts';
import { isOverride, type Messages } from '../messages/index.ts';
import type { OfficeSession, WaitingRequest } from '../office/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { AutoAnswers } from './auto-answers.ts';
import type { BeingSpoken } from './being-spoken.ts';
import type { CallRecordings } from './call-recordings.ts';
import { dialRowOf } from './dial-suggestions-view.ts';
import { followed, labelsOf } from './diverts.ts';
import type { CallViews } from './call-views.ts';
import { groupNameNow, groupViews } from './groups.ts';
import { peopleOf, type KnownPersons } from './known-persons.ts';
import type { MissedCalls } from './missed-calls.ts';
import type { MoveQuestions } from './move-questions.ts';
import type { PersonSound } from './person-sound.ts';
import type { OfficeEntry } from './office-entry.ts';
import { requestsOf } from './requests-view.ts';
import type { OwnDivert } from './own-divert.ts';
import type { Profile } from './profile.ts';
import type { Sound } from './sound.ts';
import type { PublishedViews, Untimed } from './event-publisher.ts';
import { captionView } from './caption-view.ts';
import type { Captioning } from './captioning.ts';
import type { Transcribing } from './transcribing.ts';
import type { Troubles } from './troubles.ts';
import { VERSION } from './version.ts';
import { people } from './people-view.ts';
import { nameOf, type RecipientFacts } from './recipient-views.ts';
import { messageSummary, playbackStatus, talkStatus } from './views.ts';

interface NodeViewsParts {
  readonly profile: Profile;
  readonly identity: Identity;
  readonly sound: Sound;
  readonly messages: Messages;
  readonly session: OfficeSession;
  readonly entry: OfficeEntry;
  readonly callViews: CallViews;
  readonly missed: MissedCalls;
  readonly known: KnownPersons;
  readonly personSound: PersonSound;
  readonly autoAnswers: AutoAnswers;
  readonly recordings: CallRecordings;
  readonly spoken: BeingSpoken;
  readonly moves: MoveQuestions;
  readonly divert: OwnDivert;
  readonly clock: Clock;
  /** The node was in an office of version 0.1. */
  readonly isFormer: boolean;
  readonly troubles: Troubles;
  readonly transcribing: Transcribing;
  readonly captioning: Captioning;
}

/** Makes the node's views as they are at this moment. */
export class NodeViews implements PublishedViews {
  readonly #parts: NodeViewsParts;
  /** The codes that were lost under these settings of the office. */
  #lost:
    { readonly settings: ReadonlyMap<string, string> | undefined; readonly codes: DialCodes } | undefined;

  constructor(parts: NodeViewsParts) {
    this.#parts = parts;
  }

  status(): Status {
    const { profile, identity, sound, messages, session, entry, known, moves, divert, isFormer, troubles } =
      this.#parts;
    const { name, presence, presenceUntil } = profile.settings;
    const { office, role, connection, record, roster } = session;
    const leader = role?.switch;
    const { playback } = messages.player;
    const person = office?.ledger.self?.person;
    const extension = person === undefined ? undefined : office?.ledger.extensionOf(person);
    const node =
      person !== undefined && name !== null
        ? { id: identity.nodeId, name, extension: extension ?? '' }
        : null;
    const removed =
      office && person === undefined
        ? { by: this.#removedBy(), at: office.ledger.standing.removedAt.get(identity.nodeId) ?? null }
        : null;
    return {
      version: VERSION,
      state: node ? 'running' : removed && !entry.joining ? 'removed' : 'setup',
      joining: entry.joining,
      requests: waitingCount(session.reception?.shown ?? []),
      wasInOldOffice: isFormer && !office,
      removed,
      node,
      presence,
      presenceUntil,
      divert: divert.target ?? null,
      role: role ? role.role : 'none',
      switch: leader ? { id: leader, name: roster.directory.get(leader)?.name ?? '' } : null,
      term: role?.term ?? 0,
      unheard: messages.kept.count('unheard'),
      microphone: sound.state.microphone,
      speaker: sound.state.speaker,
      talking: this.talk(),
      talkTo: this.#talkTo(),
      paged: this.#paged(),
      mayOverride: session.peers.mayOverride(roster.self),
      soundsAt: this.#soundsAt(),
      waiting: messages.turns.waiting.map(({ talker, from }) => ({
        person: session.peers.personOf(talker) ?? talker,
        ...{ name: nameOf(talker, roster.directory), extension: from },
      })),
      calls: this.#parts.callViews.list(),
      recording: this.#parts.recordings.shown,
      missedCalls: this.#parts.missed.list,
      moved: known.moved,
      moveAsked: moves.first,
      playing: playback ? playbackStatus(playback) : null,
      caption: this.caption(),
      troubles: troubles.list(),
      endpoints: connection ? record.current.record.endpoints : null,
    };
  }

  #paged(): Status['paged'] {
    const { messages, session } = this.#parts;
    const sounding = [...messages.inbox.speaking, messages.turns.current];
    const header = sounding.find((one) => one?.page);
    if (!header?.page) return null;
    const name = nameOf(header.talker, session.roster.directory);
    return {
      ...{ name, extension: header.from, isToAll: header.page.isToAll === true },
      group: groupNameNow(session.office?.ledger, header.group),
      isUrgent: isOverride(session.peers, header),
    };
  }

  #soundsAt(): string | null {
    const { messages, session } = this.#parts;
    const { elsewhere } = messages.own;
    const record = elsewhere === undefined ? undefined : session.roster.directory.get(elsewhere);
    return record ? (record.computer ?? record.name) : null;
  }

  /** The person whose computer signed the removal of this one. */
  #removedBy(): string | null {
    const { session, identity } = this.#parts;
    const by = session.office?.ledger.removerOf(identity.nodeId);
    if (by === undefined || by === identity.nodeId) return null;
    return session.roster.directory.nameOf(by) ?? null;
  }

  talk(): TalkStatus | null {
    const { messages, session } = this.#parts;
    const talk = messages.outgoing.current;
    if (!talk) return null;
    return talkStatus(
      talk,
      messages.kept.get(talk.id),
      session.roster.directory,
      this.#recipientsOf(talk.id),
    );
  }

  caption(): Caption | null {
    const { captioning, messages, session, callViews } = this.#parts;
    const { directory } = session.roster;
    return captionView(captioning.shown, { messages, directory, calls: callViews.list() });
  }

  people(): readonly Person[] {
    const { session, identity, messages, profile, known, personSound, autoAnswers } = this.#parts;
    const { directory } = session.roster;
    const { favourites } = profile.settings;
    return people(directory, identity.nodeId, messages.inbox.speaking, favourites, {
      isNew: (person, name) => known.isNew(person, name),
      volumeOf: (person) => personSound.volumeOf(person),
      mutedUntil: (person) => personSound.mutedUntil(person),
      isAutoAnswered: (person) => autoAnswers.has(person),
    });
  }

  groups(): readonly Group[] {
    const { session, profile } = this.#parts;
    const ledger = session.office?.ledger;
    return ledger ? groupViews(ledger, profile.settings.favouriteGroups) : [];
  }

  summary(message: StoredMessage): MessageSummary {
    const { messages, session, spoken } = this.#parts;
    const isOwn = messages.outgoing.current?.id === message.id;
    const isSpoken = isOwn || spoken.has(message.id);
    const copies = messages.copies(message);
    const known = this.#recipientsOf(message.id);
    const text = messages.typed.wordsOf(message);
    const transcript = this.#parts.transcribing.shown(message);
    const soundsLive = messages.inbox.isLive(message.id);
    const facts = { isSpoken, soundsLive, copies, text, transcript };
    return messageSummary(message, session.roster.directory, facts, known);
  }

  #recipientsOf(id: MessageId): RecipientFacts {
    const { messages, session, identity } = this.#parts;
    const progress = messages.progressOf(id);
    const { directory } = session.roster;
    const personOf = (node: NodeId): NodeId => {
      const ledger = session.office?.ledger;
      return ledger?.personOf(node) ?? ledger?.formerMember(node)?.person ?? node;
    };
    return {
      groupNow: (named) => groupNameNow(session.office?.ledger, named),
      // Nothing sounds at a computer that is gone.
      reportOf: (node) => {
        const report = progress.get(node);
        return report?.state === 'notified' || directory.isOnline(node) ? report : undefined;
      },
      isRemoved: (node) => session.peers.isRemoved(node),
      isSelf: (node) => personOf(node) === personOf(identity.nodeId),
      mayOverride: (node) => session.peers.mayOverride(node),
      personOf,
    };
  }

  requests(): JoinRequests {
    const { session, clock } = this.#parts;
    return requestsOf(session, clock);
  }

  dialPlan(): readonly DialRow[] {
    const { roster, office } = this.#parts.session;
    const lost = this.#lostCodes(office?.ledger.standing.settings);
    return roster.directory.plan.map((rule) => dialRowOf(rule, lost.get(rule.name)));
  }

  /** The ledger makes other settings with each statement that counts, and changes none. */
  #lostCodes(settings: ReadonlyMap<string, string> | undefined): DialCodes {
    if (this.#lost?.settings !== settings || !this.#lost)
      this.#lost = { settings, codes: lostCodesIn(settings ?? new Map()) };
    return this.#lost.codes;
  }

  whole(): readonly Untimed<NodeEvent>[] {
    const status = this.status();
    const { talking: talk } = status;
    return [
      { type: 'status', status },
      { type: 'people', people: this.people() },
      { type: 'groups', groups: this.groups() },
      { type: 'dial-plan', plan: this.dialPlan() },
      { type: 'requests', requests: this.requests() },
      ...(talk ? [{ type: 'talk' as const, talk }] : []),
    ];
  }

  message(id: MessageId): Untimed<NodeEvent> | undefined {
    const message = this.#parts.messages.kept.get(id);
    if (!message || message.local.deletedAt !== undefined) return { type: 'message-gone', id };
    return message.roles.mine ? { type: 'message', message: this.summary(message) } : undefined;
  }

  #talkTo(): Status['talkTo'] {
    const { messages, known, session } = this.#parts;
    const { talker, until } = messages.replies;
    const { directory } = session.roster;
    const speaker = talker === undefined ? undefined : directory.get(talker);
    const reached = peopleOf(speaker ? [speaker] : known.chosen);
    const groups = speaker ? [] : known.chosenGroups;
    if (groups.length + reached.length === 0) return null;
    const own = session.office?.ledger.self?.person;
    const people = [...groups.flatMap((group) => group.people), ...reached.map(({ person }) => person)];
    // An answer reaches the person who spoke: they are there.
    const names = speaker ? [speaker.name] : labelsOf(followed(session.roster, reached), directory);
    return {
      name: [...groups.map(({ name }) => name), ...names].join(', '),
      extension: [...groups, ...reached].map(({ extension }) => extension ?? '').join(','),
      people: reached.map(({ person }) => person),
      groups: groups.map(({ id }) => id),
      count: new Set(people.filter((person) => person !== own)).size,
      isReply: speaker !== undefined,
      until: (speaker && until) ?? null,
    };
  }
}

/** How many requests this person has not answered yet. */
function waitingCount(requests: readonly WaitingRequest[]): number {
  return requests.filter(({ state }) => state === 'waiting').length;
}
