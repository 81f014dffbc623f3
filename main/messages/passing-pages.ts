import { isPassing, type Header, type Schedule } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Inbox } from './inbox.ts';
import type { OfficePort } from './ports.ts';
import { RecentIds } from './recent-ids.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';

/** The longest page lasts ten minutes. For a few minutes more, listeners who lost something of it may fetch it here. */
const PASSING_MS = 15 * 60_000;

export interface PassingPagesParts {
  readonly archive: Archive;
  readonly office: Pick<OfficePort, 'self'>;
  readonly forwarder: SwitchForwarder;
  readonly inbox: Inbox;
  readonly schedule: Schedule;
}

/**
 * Pages that nobody keeps for the people who do not hear them. A node whose person does not hear such a page keeps nothing of it.
 * Switch and standby hold it, sealed, for as long as a listener may have to fetch fragments that were lost; nobody finds it there
 * later.
 */
export class PassingPages {
  readonly #parts: PassingPagesParts;
  /** The pages that this person does not hear. */
  readonly #passed = new RecentIds();
  readonly #cancels = new Set<() => void>();

  constructor(parts: PassingPagesParts) {
    this.#parts = parts;
    const { archive } = parts;
    // The time of those from before this start is over.
    for (const message of archive.read.list()) if (isOnlyPassing(message)) void archive.discard(message.id);
  }

  /** Whether it is a page for this person that they do not hear. Its talker is told so. */
  passes(header: Header): boolean {
    const { office, inbox, forwarder } = this.#parts;
    const { id } = header;
    if (!this.#passed.has(id) && !inbox.passes(header)) return false;
    this.#passed.add(id);
    // Each time that the header comes: when it came by datagram, there may have been no link yet to tell the talker over.
    forwarder.progress({ id, node: office.self, state: 'notified' }, header, undefined);
    return true;
  }

  /** It is held from now on. */
  begun({ id, header }: StoredMessage): void {
    if (!isPassing(header.facts)) return;
    const { archive, schedule } = this.#parts;
    const cancel = schedule(() => {
      this.#cancels.delete(cancel);
      const message = archive.read.get(id);
      if (message && isOnlyPassing(message)) void archive.discard(id);
    }, PASSING_MS);
    this.#cancels.add(cancel);
  }

  close(): void {
    for (const cancel of this.#cancels) cancel();
  }
}

/** Whether it is a page that is not kept, and that this node's person neither speaks nor hears. */
function isOnlyPassing({ header, roles }: StoredMessage): boolean {
  return isPassing(header.facts) && roles.mine === undefined;
}
