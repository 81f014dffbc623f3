import type {
  checkArguments,
  MessageSummary,
  MethodName,
  NodeEvent,
  Person,
  Result,
  Status,
} from '../../preload/api.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import type { Identity, Office } from '../identity/index.ts';
import type { MediaWorker } from '../media/index.ts';
import { CorridorError, type MessageId } from '../model/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import type { Attendance } from './attendance.ts';
import type { LogTail } from './log-tail.ts';
import type { Membership } from './membership.ts';
import type { NodeOptions } from './options.ts';
import type { Profile } from './profile.ts';
import type { Roster } from './roster.ts';
import type { Sound } from './sound.ts';
import type { Troubles } from './troubles.ts';

/** An event before the clock has been put on it. */
export type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never;
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
  readonly media: MediaWorker;
  readonly sound: Sound;
  readonly roster: Roster;
  readonly store: MessageStore;
  readonly addresses: SavedAddresses;
  readonly troubles: Troubles;
  readonly office: Office | undefined;
  /** Undefined before first run is done, and while the node is joining anew. */
  readonly membership: Membership | undefined;
  readonly attendance: Attendance;
  status(): Status;
  people(): readonly Person[];
  summary(message: StoredMessage): MessageSummary;
  tell(event: Untimed<NodeEvent>): void;
  /** Something that status or people show has changed. */
  changed(): void;
  /** Run when the node closes: timers end here. */
  onClose(stop: () => void): void;
}

/** The office's member that this node is. @throws CorridorError before first run is done */
export function memberOf(node: NodeContext): Membership {
  if (node.membership) return node.membership;
  if (node.office)
    throw new CorridorError('connecting', 'Corridor is joining the office again. Try once more in a moment.');
  throw notInOffice('not-set-up');
}

export function officeOf(node: NodeContext): Office {
  if (!node.office) throw notInOffice('no-office');
  return node.office;
}

function notInOffice(code: 'no-office' | 'not-set-up'): CorridorError {
  return new CorridorError(
    code,
    'This computer is in no office yet. Create one, or join with a colleague’s link.',
  );
}

/** The message that an id, a retrieval number or `next` names. @throws CorridorError where there is none */
export function findMessage({ store }: NodeContext, which: string): StoredMessage {
  if (which === 'next') {
    const [next] = store.unheard();
    if (!next) throw new CorridorError('nothing-unheard', 'There is nothing unheard.');
    return next;
  }
  const message = store.get(which as MessageId) ?? store.findByNumber(which.replace(/^#/, ''));
  if (!message?.roles.mine || message.local.deletedAt !== undefined) {
    throw new CorridorError(
      'no-message',
      `There is no message ${which} here. \`messages\` lists those there are.`,
      { details: { which } },
    );
  }
  return message;
}

/** Without the fields that were left out. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
