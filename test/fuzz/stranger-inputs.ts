import fc from 'fast-check';
import { OFFER_BYTES } from '../../main/identity/index.ts';
import { DNS_RESPONSE, DNS_TYPE } from '../support/dns.ts';
import { change, changes } from './changes.ts';
import { FRAMES, OFFICE_SIZE } from './seeds.ts';
import { signed, type Tree } from './tree.ts';

/** How many keys strangers have, and from how many addresses of loopback they come: requests of one are few. */
export const STRANGER_KEYS = 12;
const STRANGER_ADDRESSES = 60;

/** How a connection is left. `stays`: until the node ends it, or it is the oldest of too many. */
type Leaving = 'ends' | 'breaks off' | 'stays';

/** A name of DNS with dots, or what stands for one, in hexadecimal behind `hex:`. */
type DnsNameText = string;

interface QuestionInput {
  readonly name: DnsNameText;
  readonly type: number;
  readonly class: number;
}

interface RecordInput extends QuestionInput {
  readonly ttl: number;
  readonly data:
    | { readonly is: 'name'; readonly name: DnsNameText }
    | { readonly is: 'srv'; readonly port: number | string; readonly target: DnsNameText }
    | { readonly is: 'txt'; readonly texts: readonly string[] }
    | { readonly is: 'hex'; readonly hex: string };
  /** Null: the truth. */
  readonly length: number | null;
}

/** What somebody sends who is no member. `from`: the address of loopback that it comes from. Bytes are written in hexadecimal. */
export type StrangerInput = { readonly to: number; readonly times: number } &
  /** A link on which one asks to be let in. `isPatient`: each frame waits for an answer to the one before. */
  (
    | {
        readonly via: 'outsider';
        readonly key: number;
        readonly from: number;
        readonly says: readonly (
          | { readonly frame: Tree; readonly times: number }
          | { readonly type: number; readonly bytes: string; readonly times: number }
        )[];
        readonly isPatient: boolean;
        readonly leaves: Leaving;
      }
    /** A connection that says something else. `hello`: TLS begins, with one byte changed, or cut off. */
    | {
        readonly via: 'opening';
        readonly from: number;
        readonly through: 'tcp' | 'hello' | 'tls';
        readonly bytes: string;
        readonly cutAt: number | null;
        readonly flip: number | null;
        readonly protocol: string;
        readonly hasCertificate: boolean;
        readonly leaves: Leaving;
      }
    | {
        readonly via: 'call';
        readonly from: number;
        readonly caller: string;
        readonly offer: string;
        readonly control: number | string;
        /** Sealed by an office id that is known from an old link; otherwise by another. */
        readonly isOfOffice: boolean;
        readonly cutBytes: number;
        readonly flip: number | null;
      }
    | {
        readonly via: 'mdns';
        readonly id: number;
        readonly flags: number;
        readonly questions: readonly QuestionInput[];
        readonly answers: readonly RecordInput[];
        readonly counts: readonly number[] | null;
        readonly cutBytes: number;
        readonly flip: number | null;
      }
  );

/** Plain objects, as they are read from a file again. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const hex = (maxLength: number): fc.Arbitrary<string> => fc.uint8Array({ maxLength }).map(hexOf);
/** Mostly the first; each of the others now and then. */
const mostly = <T>(usual: fc.Arbitrary<T>, ...others: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 8 * others.length, arbitrary: usual },
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
const now = fc.constant;

const common = { to: fc.nat(OFFICE_SIZE - 1), times: mostly(now(1), fc.integer({ min: 2, max: 10 })) };
const from = fc.nat(STRANGER_ADDRESSES - 1);
const leaves = fc.constantFrom<Leaving>('ends', 'breaks off', 'stays');
const flip = fc.option(fc.nat(400), { freq: 2 });

// ---- asking to be let in

const card = signed('self', { v: 1, type: 'card', signingKey: '§key:self', hpkeKey: '§point:self' });
const CONVERSATION: readonly Tree[] = [
  { type: 'ask', tag: '§tag', card },
  { type: 'begin', tag: '§tag', card, commit: '§commit', extension: '§extension:self' },
  { type: 'reveal', nonce: '§nonce:0' },
  { type: 'agree' },
];
const usual = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const frameSaid = (frame: fc.Arbitrary<Tree>) =>
  record({ frame, times: mostly(now(1), fc.constantFrom(2, 20)) });
/** What members say, some of each type: whoever is none may not. */
const OTHERS: readonly Tree[] = [...FRAMES.values()].flatMap((frames) =>
  fc.sample(frames, { numRuns: 5, seed: 1 }),
);
const changedFrame = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: usual(CONVERSATION) }, { weight: 1, arbitrary: usual(OTHERS) }),
    changes,
  )
  .map(([frame, all]) => change(frame, all));
const said = fc.oneof(
  { weight: 4, arbitrary: frameSaid(usual(CONVERSATION)) },
  { weight: 4, arbitrary: frameSaid(changedFrame) },
  {
    weight: 1,
    arbitrary: record({ type: fc.constantFrom(0, 1, 2, 3, 4, 255), bytes: hex(60), times: now(1) }),
  },
);
/** The conversation as it should be, as far as it goes, and then something else. */
const inOrder = fc
  .tuple(fc.nat(CONVERSATION.length), fc.array(said, { maxLength: 3 }))
  .map(([count, after]) => [...CONVERSATION.slice(0, count).map((frame) => ({ frame, times: 1 })), ...after]);

const outsider = record({
  ...{ ...common, via: now('outsider' as const), key: fc.nat(STRANGER_KEYS - 1), from, leaves },
  says: fc.oneof(inOrder, inOrder, fc.array(said, { maxLength: 6 })),
  isPatient: mostly(now(true), now(false)),
});

const opening = record({
  ...{ ...common, via: now('opening' as const), from, leaves },
  through: fc.constantFrom('tcp' as const, 'hello' as const, 'tls' as const, 'tls' as const),
  // What begins a link says in its first byte who comes; a member's proof has 32 bytes more.
  bytes: fc.oneof(
    hex(100),
    fc.tuple(fc.constantFrom('00', '01', '02', '03', 'ff'), hex(80)).map((parts) => parts.join('')),
    usual(['474554202f20485454502f312e310d0a0d0a', '0200000001', '02ffffffff00', '']),
  ),
  cutAt: fc.option(fc.nat(300)),
  flip,
  protocol: mostly(now('corridor/2'), usual(['', 'h2', 'corridor/1'])),
  hasCertificate: mostly(now(true), now(false)),
});

const call = record({
  ...{ ...common, via: now('call' as const), from },
  caller: usual(['§self', '§self', '§puppet:1', '§puppet:2', '§node:0', '§node:1', '§id:0']),
  offer: fc.uint8Array({ minLength: OFFER_BYTES, maxLength: OFFER_BYTES }).map(hexOf),
  // A node that connects there meets nobody, or a program that talks nonsense.
  control: usual<number | string>(['§port:tcp', '§port:tls', 0, 1, 65_535]),
  isOfOffice: mostly(now(true), now(false)),
  cutBytes: mostly(now(0), fc.nat(80)),
  flip,
});

// ---- mDNS, field by field

const TYPE = '_corridor._tcp.local';
const instances = fc.oneof(
  usual(['aa01', 'aa02', 'aa03']),
  fc.nat(5000).map((n) => `made-up-${n}`),
);
/** A pointer to itself, one beyond the end, a label without its bytes, no end, and a name longer than one may be. */
const BROKEN_NAMES = [
  'hex:c00c',
  'hex:ffff',
  'hex:3f41',
  'hex:0161',
  `hex:${'0161'.repeat(200)}00`,
  'hex:80',
  '',
];
const ODD_NAMES = [
  'local',
  '_services._dns-sd._udp.local',
  `${'x'.repeat(63)}.${TYPE}`,
  `__proto__.${TYPE}`,
  `${TYPE}.local`,
];
const nameOf = (usually: fc.Arbitrary<string>) => mostly(usually, usual(BROKEN_NAMES), usual(ODD_NAMES));
const type = usual([...Object.values(DNS_TYPE), 28, 41, 47, 255, 0, 65_535]);
const classes = mostly(now(1), usual([0x80_01, 255, 0, 65_535]));
const ttl = mostly(now(120), usual([0, 1, 2 ** 31, 2 ** 32 - 1]));
const length = mostly(now(null), fc.option(fc.nat(600)), now(65_535));
const port = mostly<number | string>(now('§port:tcp'), usual<number | string>(['§port:tls', 0, 9, 65_535]));
const nodeName = instances.map((instance) => `${instance}.${TYPE}`);
const host = instances.map((instance) => `${instance}.local`);
const texts = fc
  .tuple(
    mostly(now('v=1'), usual(['v=2', 'v', '=', ''])),
    usual(['o=§tag', 'o=deadbeef', 'o=00000000', 'o=xyz', 'o', 'o=']),
    mostly(now('b=§port:udp'), usual(['b=0', 'b=99999', 'b=-1', 'b=1e3', 'b'])),
    usual([
      'n=Made up',
      'n=\u202eevil',
      'n=',
      `n=${'é'.repeat(120)}`,
      'x'.repeat(255),
      '__proto__=1',
      'n=\ufffd',
    ]),
  )
  .map((parts): readonly string[] => parts);
const DATA = {
  name: (name: fc.Arbitrary<string>) => record({ is: now('name' as const), name: nameOf(name) }),
  srv: record({ is: now('srv' as const), port, target: nameOf(host) }),
  txt: record({
    is: now('txt' as const),
    texts: mostly(texts, fc.array(fc.string({ maxLength: 40 }), { maxLength: 20 })),
  }),
  hex: record({ is: now('hex' as const), hex: hex(40) }),
};
const answerOf = (name: fc.Arbitrary<string>, usualType: number, data: fc.Arbitrary<RecordInput['data']>) =>
  record<RecordInput>({
    ...{ name: nameOf(name), type: mostly(now(usualType), type), class: classes, ttl, length },
    data: mostly(data, DATA.hex),
  });
/** An instance, whole: what points to it, where it is, and what it says of itself. */
const announced = instances.chain((instance) => {
  const [name, itsHost] = [now(`${instance}.${TYPE}`), now(`${instance}.local`)];
  return fc.tuple(
    answerOf(now(TYPE), DNS_TYPE.ptr, DATA.name(name)),
    answerOf(name, DNS_TYPE.srv, record({ is: now('srv' as const), port, target: nameOf(itsHost) })),
    answerOf(name, DNS_TYPE.txt, DATA.txt),
    answerOf(itsHost, DNS_TYPE.a, now<RecordInput['data']>({ is: 'hex', hex: '7f000001' })),
  );
});
const someAnswer = fc.oneof(
  answerOf(now(TYPE), DNS_TYPE.ptr, DATA.name(nodeName)),
  answerOf(nodeName, DNS_TYPE.srv, DATA.srv),
  answerOf(nodeName, DNS_TYPE.txt, DATA.txt),
);

const mdns = record({
  ...{ ...common, via: now('mdns' as const) },
  id: mostly(now(0), fc.nat(65_535)),
  flags: fc.oneof(now(DNS_RESPONSE), now(0), fc.nat(65_535)),
  questions: fc.array(
    record({
      name: nameOf(fc.oneof(now(TYPE), nodeName)),
      type: fc.oneof(now(DNS_TYPE.ptr), type),
      class: classes,
    }),
    { maxLength: 3 },
  ),
  answers: fc.oneof(
    announced.map((all): readonly RecordInput[] => all),
    fc.array(announced, { maxLength: 8 }).map((all): readonly RecordInput[] => all.flat()),
    fc.array(someAnswer, { maxLength: 6 }),
  ),
  counts: mostly(now(null), fc.array(fc.nat(65_535), { minLength: 4, maxLength: 4 })),
  cutBytes: mostly(now(0), fc.nat(100)),
  flip: mostly(now(null), fc.nat(400)),
});

export const strangerInputs: fc.Arbitrary<StrangerInput> = fc.oneof(
  { weight: 4, arbitrary: outsider },
  { weight: 2, arbitrary: opening },
  { weight: 4, arbitrary: call },
  { weight: 6, arbitrary: mdns },
);

const VIAS = new Set(['outsider', 'opening', 'call', 'mdns']);

/** Whether an input is one of a stranger. */
export function isStrangers(input: { readonly via: string }): input is StrangerInput {
  return VIAS.has(input.via);
}
