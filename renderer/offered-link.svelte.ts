import { desktop } from './desktop.ts';
import { isJoinLink } from './join-link.ts';

class OfferedLink {
  #link = $state<string | null>(null);

  constructor() {
    desktop?.onJoinLink((link) => {
      if (isJoinLink(link)) this.#link = link;
    });
  }

  /** The join link that was opened on the desktop and not shown yet. */
  get waiting(): string | null {
    return this.#link;
  }

  /** Returns it once. */
  take(): string | null {
    const link = this.#link;
    if (link !== null) this.#link = null;
    return link;
  }
}

/** A join link that somebody opened on the desktop: the panel shows it and asks the person. */
export const offeredLink = new OfferedLink();
