/** Encodes mDNS messages, also malformed ones: a test can set lengths and counts. */

/** RFC 1035 §3.2.2, RFC 2782. */
export const DNS_TYPE = { a: 1, ptr: 12, txt: 16, srv: 33 } as const;
/** RFC 6762 §18: an authoritative response. */
export const DNS_RESPONSE = 0x8400;

interface DnsQuestion {
  readonly name: Buffer;
  readonly type: number;
  readonly class: number;
}

export interface DnsRecord extends DnsQuestion {
  /** Seconds. */
  readonly ttl: number;
  readonly data: Buffer;
  /** The length field of the record; left out: the true length. */
  readonly length?: number;
}

interface DnsMessage {
  readonly id?: number;
  readonly flags: number;
  readonly questions?: readonly DnsQuestion[];
  readonly answers?: readonly DnsRecord[];
  /** The counts of questions, answers, authorities and additional records; left out: the true ones. */
  readonly counts?: readonly number[];
}

/** A name as DNS writes it (RFC 1035 §3.1): each label behind its length. */
export function dnsName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map((label) => dnsText(label)), Buffer.alloc(1)]);
}

/** A character string (RFC 1035 §3.3): its bytes behind their number. */
export function dnsText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length & 0xff), bytes]);
}

/** The data of an SRV record (RFC 2782). */
export function srvData(port: number, target: Buffer): Buffer {
  const place = Buffer.alloc(6);
  place.writeUInt16BE(port, 4);
  return Buffer.concat([place, target]);
}

export function dnsMessage({ id = 0, flags, questions = [], answers = [], counts }: DnsMessage): Buffer {
  const head = Buffer.alloc(12);
  const said = counts ?? [questions.length, answers.length, 0, 0];
  [id, flags, ...said].forEach((value, n) => head.writeUInt16BE(value, 2 * n));
  return Buffer.concat([head, ...questions.map(questionOf), ...answers.map(recordOf)]);
}

function questionOf({ name, type, class: of }: DnsQuestion): Buffer {
  const rest = Buffer.alloc(4);
  rest.writeUInt16BE(type);
  rest.writeUInt16BE(of, 2);
  return Buffer.concat([name, rest]);
}

function recordOf(record: DnsRecord): Buffer {
  const rest = Buffer.alloc(6);
  rest.writeUInt32BE(record.ttl);
  rest.writeUInt16BE(record.length ?? record.data.length, 4);
  return Buffer.concat([questionOf(record), rest, record.data]);
}
