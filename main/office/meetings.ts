import type { Clock, Schedule } from '../model/index.ts';
import type { Call } from '../identity/index.ts';
import type { ControlLink, ControlMessage, Credentials } from '../signalling/index.ts';
import type { OfficeNetwork, SocketAddress } from './ports.ts';

/** One link to an address and port in this time (ms), and `AT_ONCE` in all: the source of a call is not proven. */
const EVERY_MS = 10_000;
const AT_ONCE = 4;
/** At most this many ports of one IP address are linked to in this time. */
const MAX_PORTS = 16;
const MAX_CALLS = 256;
/** How long two nodes have to reach the same ledger and to exchange their records, ms. */
const LASTS_MS = 5000;

interface MeetingsParts {
  readonly credentials: Credentials;
  readonly network: OfficeNetwork;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly schedule: Schedule;
  readonly up: (link: ControlLink) => void;
  readonly message: (link: ControlLink, message: ControlMessage) => void;
  readonly down: (link: ControlLink) => void;
  readonly log: (line: string) => void;
}

/** Links to unknown nodes that called, until each knows the other. */
export class Meetings {
  readonly #parts: MeetingsParts;
  #calls: { readonly address: string; readonly control: number; readonly at: number }[] = [];
  readonly #links = new Set<ControlLink>();
  #underWay = 0;
  #isClosed = false;

  constructor(parts: MeetingsParts) {
    this.#parts = parts;
  }

  has(link: ControlLink): boolean {
    return this.#links.has(link);
  }

  /** An unknown node called from that address. */
  async called({ caller, control }: Call, at: SocketAddress): Promise<void> {
    const { network, credentials, log } = this.#parts;
    if (control === 0 || this.#isClosed || !this.#mayLink(at.address, control)) return;
    this.#underWay += 1;
    try {
      const { address } = at;
      const link = await network.connect({ credentials, address, port: control, expected: caller, log });
      await this.#talk(link);
    } catch {
      // No node of this office is there: a call can have any source address.
    } finally {
      this.#underWay -= 1;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const link of this.#links) link.close();
  }

  #talk(link: ControlLink): Promise<void> {
    const { schedule, up, message, down } = this.#parts;
    return new Promise((resolve) => {
      this.#links.add(link);
      const cancel = schedule(() => link.close(), LASTS_MS);
      link.listen({
        onMessage: (frame) => {
          message(link, frame);
          // The link stays up so that the other end can read everything; meanwhile another caller may have its turn.
          if (frame.type === 'hello') resolve();
        },
        onFragments: () => undefined,
        onClose: () => {
          cancel();
          this.#links.delete(link);
          down(link);
          resolve();
        },
      });
      if (this.#isClosed) link.close();
      else up(link);
    });
  }

  #mayLink(address: string, control: number): boolean {
    const now = this.#parts.clock.monotonic();
    this.#calls = this.#calls.filter(({ at }) => now - at < EVERY_MS);
    const before = this.#calls.filter((call) => call.address === address);
    const isTooMuch =
      this.#underWay >= AT_ONCE || this.#calls.length >= MAX_CALLS || before.length >= MAX_PORTS;
    if (isTooMuch || before.some((call) => call.control === control)) return false;
    this.#calls.push({ address, control, at: now });
    return true;
  }
}
