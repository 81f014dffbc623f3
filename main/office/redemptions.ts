import { answerRedemption, type Identity, type Place } from '../identity/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';
import type { OfficeInvitations } from './office-invitations.ts';
import type { OfficeLedger } from './office-ledger.ts';
import type { OfficeTime } from './office-time.ts';
import type { Roster } from './roster.ts';

interface RedemptionsParts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: OfficeLedger;
  readonly invitations: OfficeInvitations;
  readonly roster: Roster;
  readonly time: Pick<OfficeTime, 'now'>;
}

/** Admits newcomers that redeem a join link, if this node may admit. */
export class Redemptions {
  readonly #parts: RedemptionsParts;
  /** The last redemption. They run one after the other, so that the last use of an invitation admits one newcomer. */
  #last: Promise<void> = Promise.resolve();

  constructor(parts: RedemptionsParts) {
    this.#parts = parts;
  }

  /** Handles a redemption: answers once the admission is on this computer's disk, and ends the link. */
  redeem(link: ControlLink, frame: ControlMessageOf<'redeem'>): void {
    this.#last = this.#last.then(() => this.#redeem(link, frame)).catch(() => link.close());
  }

  async #redeem(link: ControlLink, frame: ControlMessageOf<'redeem'>): Promise<void> {
    const { identity, ledger, invitations, time } = this.#parts;
    const frames = await ledger.let((plain) => {
      const host = { self: identity, ledger: plain, invitations: invitations.book };
      return answerRedemption(host, frame, link.peer, this.#others(), time.now()).frames;
    });
    for (const each of frames) link.send(each);
    link.close();
  }

  /** The addresses of nodes that may admit, for a newcomer that this node may not admit. */
  #others(): Place[] {
    const { ledger, roster } = this.#parts;
    return roster.othersOnline
      .filter(({ node }) => ledger.isAdmin(node))
      .map(({ endpoints }) => ({ address: endpoints.address, port: endpoints.control }));
  }
}
