import type { checkArguments, MethodName, NodeEvent, Result } from '../../preload/api.ts';
import type { Calls } from '../calls/index.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import type { Identity } from '../identity/index.ts';
import type { Messages, Transcripts } from '../messages/index.ts';
import {
  CorridorError,
  type Clock,
  type KnownNode,
  type MessageId,
  type NodeId,
  type Random,
  type Schedule,
} from '../model/index.ts';
import type { Office, OfficeSession, OfficesSeen, Roster } from '../office/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Untimed } from './event-publisher.ts';
import type { Attention } from './attention.ts';
import type { AutoAnswers } from './auto-answers.ts';
import type { CallRecordings } from './call-recordings.ts';
import type { Flashes } from './flashes.ts';
import type { Introductions } from './introductions.ts';
import type { KnownPersons } from './known-persons.ts';
import type { LogTail } from './log-tail.ts';
import type { MissedCalls } from './missed-calls.ts';
import type { MoveQuestions } from './move-questions.ts';
import type { NodeViews } from './node-views.ts';
import type { OfficeEntry } from './office-entry.ts';
import type { NodeOptions } from './options.ts';
import type { ForgedVoices } from './forged-voices.ts';
import type { Overruns } from './overruns.ts';
import type { OwnDivert } from './own-divert.ts';
import type { PersonSound } from './person-sound.ts';
import type { OwnVoice } from './own-voice.ts';
import type { OwnPresence } from './own-presence.ts';
import type { Profile } from './profile.ts';
import type { Sound } from './sound.ts';
import type { Captioning } from './captioning.ts';
import type { Transcribing } from './transcribing.ts';
import type { Troubles } from './troubles.ts';

export type Checked<M extends MethodName> = Extract<
  ReturnType<typeof checkArguments<M>>,
  { ok: true }
>['args'];
export type Handlers = {
  readonly [M in MethodName]: (args: Checked<M>) => Promise<Result<M>> | Result<M>;
};

/** What the methods of the API work with. */
export interface NodeContext {
  readonly options: NodeOptions;
  /** The last lines of what `options.log` was given. */
  readonly tail: LogTail;
  readonly profile: Profile;
  readonly identity: Identity;
  readonly sound: Sound;
  /** What lasts. */
  readonly messages: Messages;
  readonly calls: Calls;
  readonly introductions: Introductions;
  readonly missed: MissedCalls;
  /** Being connected. */
  readonly session: OfficeSession;
  readonly roster: Roster;
  readonly entry: OfficeEntry;
  readonly known: KnownPersons;
  readonly moves: MoveQuestions;
  readonly offices: OfficesSeen;
  readonly clock: Clock;
  readonly random: Random;
  readonly schedule: Schedule;
  readonly addresses: SavedAddresses;
  readonly presence: OwnPresence;
  readonly divert: OwnDivert;
  readonly attention: Attention;
  readonly personSound: PersonSound;
  readonly autoAnswers: AutoAnswers;
  readonly flashes: Flashes;
  readonly recordings: CallRecordings;
  readonly ownVoice: OwnVoice;
  readonly transcripts: Transcripts;
  readonly transcribing: Transcribing;
  readonly captioning: Captioning;
  readonly troubles: Troubles;
  /** The people whose computers send more than this one takes. */
  readonly overruns: Overruns;
  /** The talkers into whose messages somebody put other sound. */
  readonly forged: ForgedVoices;
  readonly views: NodeViews;
  publish(event: Untimed<NodeEvent>): void;
  /** Something that status or people show has changed. */
  changed(): void;
}

/** @throws CorridorError `not-set-up` before first run is done */
export function requireSetUp({ session, profile }: NodeContext): { readonly extension: string } {
  const ledger = session.office?.ledger;
  const person = ledger?.self?.person;
  if (!ledger || person === undefined || profile.settings.name === null) throw notInOffice('not-set-up');
  return { extension: ledger.extensionOf(person) ?? '' };
}

/** @throws CorridorError `no-office` before the node is in one */
export function officeOf({ session }: NodeContext): Office {
  if (!session.office?.ledger.self) throw notInOffice('no-office');
  return session.office;
}

export function noPerson(): CorridorError {
  return new CorridorError('no-person', 'There is nobody like that among your colleagues.');
}

function notInOffice(code: 'no-office' | 'not-set-up'): CorridorError {
  return new CorridorError(
    code,
    'This computer is in no office yet. Create one, or join with a colleague’s link.',
  );
}

/** The record of a colleague. @throws CorridorError `no-person` where it is nobody else's */
export function colleagueOf({ known, session }: NodeContext, person: NodeId): KnownNode {
  const [record] = known.nodesOf(person);
  if (!record || person === session.office?.ledger.self?.person) throw noPerson();
  return record;
}

/** The message that an id, a retrieval number or `next` names; undefined: there is none. */
export function messageNamed({ messages }: NodeContext, which: string): StoredMessage | undefined {
  if (which === 'next') return messages.kept.unheard()[0];
  const message =
    messages.kept.get(which as MessageId) ?? messages.kept.findByNumber(which.replace(/^#/, ''));
  return message?.roles.mine && message.local.deletedAt === undefined ? message : undefined;
}

/** As `messageNamed`. @throws CorridorError where there is none */
export function findMessage(node: NodeContext, which: string): StoredMessage {
  const message = messageNamed(node, which);
  if (message) return message;
  if (which === 'next') throw new CorridorError('nothing-unheard', 'There is nothing unheard.');
  throw new CorridorError(
    'no-message',
    `There is no message ${which} here. \`messages\` lists those there are.`,
    { details: { which } },
  );
}

/** Without the fields that were left out. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
