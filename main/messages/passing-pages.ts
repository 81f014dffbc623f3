import { isPassing, type Header, type Schedule } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Inbox } from './inbox.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import { RecentIds } from './recent-ids.ts';

/** The longest page lasts ten minutes. For a few minutes more, listeners who lost something of it may fetch it here. */
const PASSING_MS = 15 * 60_000;

interface PassingPagesParts {
  readonly archive: Archive;
  readonly receipts: ReceiptSync;
  readonly inbox: Inbox;
  readonly schedule: Schedule;
}

/**
 * Pages that are not kept for the people who do not hear them. A node whose person does not hear such a page stores nothing. Switch
 * and standby hold it, sealed, only while a listener may have to fetch lost fragments.
 */
export class PassingPages {
  readonly #parts: PassingPagesParts;
  /** Pages that this person does not hear. */
  readonly #passed = new RecentIds();
  readonly #cancels = new Set<() => void>();

  constructor(parts: PassingPagesParts) {
    this.#parts = parts;
    const { archive } = parts;
    // Passing pages from before this start have expired.
    for (const message of archive.read.those('others'))
      if (isOnlyPassing(message)) void archive.discard(message.id);
  }

  /** Whether it is a passing page that this person does not hear. Reports that to its talker. */
  passes(header: Header): boolean {
    const { inbox, receipts } = this.#parts;
    if (this.#passed.has(header.id)) return true;
    if (!inbox.passes(header)) return false;
    this.#passed.add(header.id);
    receipts.passes(header);
    return true;
  }

  /** This node holds the page from now on. */
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

/** Whether it is a passing page that this node holds only for others. */
function isOnlyPassing({ header, roles }: StoredMessage): boolean {
  return isPassing(header.facts) && roles.mine === undefined;
}
