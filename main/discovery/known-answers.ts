import type { Schedule } from '../model/index.ts';

/*
 * Known answers (RFC 6762 §7.1, §7.2): a node that asks the LAN names the nodes of which it needs no word, and these do not answer.
 * Otherwise each question of a hundred nodes would be answered by a hundred.
 */

/** How long a service is announced to be valid, seconds: bonjour-service's. */
const VALID_S = 28_800;
/** A query is split into packets of about this many bytes: far below the smallest Ethernet MTU. */
const PACKET_BYTES = 1200;
/** Of a record beside its two names: the bytes of lengths, type, class and validity. */
const RECORD_BYTES = 14;
/** The flag by which a query says that more known answers follow, and how long they are awaited, ms. */
const TRUNCATED = 0x0200;
const MORE_WITHIN_MS = 450;
/** Queries of more computers than these at once are answered without waiting. */
const MAX_WAITING = 64;

interface DnsRecord {
  readonly type: string;
  readonly name: string;
  readonly data: unknown;
  /** Seconds. */
  readonly ttl?: number | undefined;
}

export interface DnsQuery {
  readonly questions: readonly { readonly name: string; readonly type: string }[];
  readonly answers: readonly DnsRecord[];
  /** Whether more known answers follow. */
  readonly flag_tc?: boolean | undefined;
}

/** A service as it was announced. */
interface Heard {
  readonly fqdn: string;
  /** Seconds; and when that was said, ms since the epoch. */
  readonly ttl?: number | undefined;
  readonly lastSeen?: number | undefined;
}

/** For how much longer a service is valid, in seconds; undefined: for less than half its time, so that its node is to say it again. */
export function validFor({ ttl = 0, lastSeen = 0 }: Heard, now: number): number | undefined {
  const left = Math.min(ttl, Math.floor(ttl - (now - lastSeen) / 1000));
  return left > ttl / 2 ? left : undefined;
}

/** A question for all services of the type, in as many packets as its known answers need. */
export function queryOf(
  type: string,
  known: readonly { readonly fqdn: string; readonly ttl: number }[],
): object[] {
  const packets: DnsRecord[][] = [[]];
  let room = PACKET_BYTES - type.length;
  for (const { fqdn, ttl } of known) {
    const bytes = type.length + fqdn.length + RECORD_BYTES;
    if (bytes > room) {
      packets.push([]);
      room = PACKET_BYTES;
    }
    packets[packets.length - 1]?.push({ type: 'PTR', name: type, data: fqdn, ttl });
    room -= bytes;
  }
  return packets.map((answers, at) => ({
    questions: at === 0 ? [{ name: type, type: 'PTR' }] : [],
    answers,
    ...(at < packets.length - 1 ? { flags: TRUNCATED } : {}),
  }));
}

/** Leaves out of others' queries what their senders know of this node already. */
export class KnownAnswers {
  readonly #type: string;
  readonly #own: string;
  readonly #schedule: Schedule;
  /** By the sender of a query of which more is to come: functions that take back the answer. */
  readonly #waiting = new Map<string, () => void>();

  /** @param own the name under which this node is announced, its type included */
  constructor(type: string, own: string, schedule: Schedule) {
    this.#type = type;
    this.#own = own;
    this.#schedule = schedule;
  }

  /** Handles a packet of a query: `answer` is called with what is to be answered, now or when all that the sender knows has come. */
  heard(query: DnsQuery, sender: string, answer: (query: DnsQuery) => void): void {
    const isKnown = query.answers.some((record) => this.#isOwn(record));
    if (isKnown) this.#forget(sender);
    const asks = ({ name, type }: DnsQuery['questions'][number]): boolean =>
      type === 'PTR' && name.toLowerCase() === this.#type;
    const others = query.questions.filter((question) => !asks(question));
    const asked = query.questions.filter(asks);
    if (others.length > 0) answer({ ...query, questions: others });
    if (asked.length === 0 || isKnown) return;
    const left = { ...query, questions: asked };
    if (!query.flag_tc || this.#waiting.size >= MAX_WAITING) return answer(left);
    this.#forget(sender);
    const cancel = this.#schedule(() => {
      this.#waiting.delete(sender);
      answer(left);
    }, MORE_WITHIN_MS);
    this.#waiting.set(sender, cancel);
  }

  close(): void {
    for (const sender of [...this.#waiting.keys()]) this.#forget(sender);
  }

  #isOwn({ type, name, data, ttl = 0 }: DnsRecord): boolean {
    return type === 'PTR' && name.toLowerCase() === this.#type && data === this.#own && ttl >= VALID_S / 2;
  }

  #forget(sender: string): void {
    this.#waiting.get(sender)?.();
    this.#waiting.delete(sender);
  }
}
