import fc from 'fast-check';
import { MAX_COUNT, OFFER_BYTES } from '../../main/identity/index.ts';
import { CHALLENGE, GREETING } from '../../main/office/freshness.ts';
import { change, changes } from './changes.ts';
import {
  beat,
  FRAMES,
  callDatagram,
  pickUpDatagram,
  hashesDatagram,
  headerDatagram,
  KIND_BEAT,
  KIND_CALL,
  KIND_PICK_UP,
  KIND_HASHES,
  KIND_HEADER,
  OFFICE_SIZE,
  OWN_FRAGMENTS,
  OWN_MESSAGES,
  PUPPETS,
} from './seeds.ts';
import { isStrangers, strangerInputs, type StrangerInput } from './stranger-inputs.ts';
import { isObject, type Tree } from './tree.ts';

/** One thing that a hostile member sends, to the office's node of this number, this many times. Bytes are written in hexadecimal. */
export type MemberInput = { readonly to: number; readonly times: number } & (
  | { readonly via: 'frame'; readonly frame: Tree }
  /** A frame whose bytes are not JSON, or not a frame: what follows its length. */
  | { readonly via: 'frame-bytes'; readonly type: number; readonly bytes: string }
  | {
      readonly via: 'fragments';
      readonly id: string;
      readonly fragments: readonly { readonly n: number; readonly of: number }[];
      readonly cutBytes: number;
    }
  | { readonly via: 'datagram'; readonly kind: number; readonly body: Tree }
  | { readonly via: 'datagram-bytes'; readonly kind: number; readonly bytes: string }
  /**
   * A packet that a further identity of the hostile member has sealed well, and whose fields that say whether it is fresh are
   * these; null: as they are in one that is.
   */
  | {
      readonly via: 'packet';
      readonly by: number;
      readonly echo: string | null;
      readonly offer: string | null;
      readonly boot: number | null;
      readonly seq: number | null;
      readonly kind: number;
      readonly bytes: string;
    }
  /** A fragment of an own message; with `as`, in the stream of another; with `flip`, that byte of it is changed. */
  | {
      readonly via: 'rtp';
      readonly own: number;
      readonly n: number;
      readonly as: number | null;
      readonly flip: number | null;
    }
  | {
      readonly via: 'rtcp';
      readonly own: number;
      readonly missing: readonly number[];
      readonly isSealed: boolean;
      readonly flip: number | null;
    }
);

export type Input = MemberInput | StrangerInput;

/** Plain objects, as they are read from a file again. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true });

const common = {
  to: fc.nat(OFFICE_SIZE - 1),
  times: fc.oneof(
    { weight: 12, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 30 }) },
  ),
};
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const hex = (maxLength: number): fc.Arbitrary<string> => fc.uint8Array({ maxLength }).map(hexOf);
const changed = (tree: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
  fc.tuple(tree, changes).map(([seed, all]) => change(seed, all));
const offers = fc.option(
  fc.oneof(
    fc.constantFrom('00'.repeat(OFFER_BYTES), 'ff'.repeat(OFFER_BYTES)),
    fc.uint8Array({ minLength: OFFER_BYTES, maxLength: OFFER_BYTES }).map(hexOf),
  ),
);
/** Numbers of 6 bytes. Such as are far ahead: whoever believes one hears nothing of the same sender any more. */
const counts = fc.option(fc.oneof(fc.constantFrom(0, 1, MAX_COUNT - 1, MAX_COUNT), fc.nat(MAX_COUNT)));
const own = fc.nat(OWN_MESSAGES - 1);
const otherStream: fc.Arbitrary<number | null> = fc.option(own, { freq: 3 });
const flip = fc.option(fc.nat(200), { freq: 2 });

const frames = record({
  ...common,
  via: fc.constant('frame' as const),
  frame: changed(fc.oneof(...FRAMES.values())),
});

const memberInputs: fc.Arbitrary<MemberInput> = fc.oneof(
  { weight: 50, arbitrary: frames },
  {
    weight: 1,
    arbitrary: record({
      ...common,
      via: fc.constant('frame-bytes' as const),
      type: fc.constantFrom(0, 1, 2, 3, 4, 255),
      bytes: hex(60),
    }),
  },
  {
    weight: 6,
    arbitrary: record({
      ...common,
      via: fc.constant('fragments' as const),
      id: fc.constantFrom('§own:0', '§own:1', '§own:2', '§message:0', '§message:1', '§id:0'),
      fragments: fc.array(record({ n: fc.nat(OWN_FRAGMENTS + 5), of: own }), { maxLength: 10 }),
      cutBytes: fc.constantFrom(0, 0, 0, 1, 20),
    }),
  },
  {
    weight: 12,
    arbitrary: record({
      ...common,
      via: fc.constant('datagram' as const),
      kind: fc.constant(KIND_BEAT),
      body: changed(beat),
    }),
  },
  {
    weight: 10,
    arbitrary: record({
      ...common,
      via: fc.constant('datagram' as const),
      kind: fc.constant(KIND_HEADER),
      body: changed(headerDatagram),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      ...common,
      via: fc.constant('datagram' as const),
      kind: fc.constant(KIND_HASHES),
      body: changed(hashesDatagram),
    }),
  },
  {
    weight: 3,
    arbitrary: record({
      ...common,
      via: fc.constant('datagram' as const),
      kind: fc.constant(KIND_CALL),
      body: changed(callDatagram),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      ...common,
      via: fc.constant('datagram' as const),
      kind: fc.constant(KIND_PICK_UP),
      body: changed(pickUpDatagram),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      ...common,
      via: fc.constant('datagram-bytes' as const),
      kind: fc.nat(255),
      bytes: hex(100),
    }),
  },
  {
    weight: 8,
    arbitrary: record({
      ...common,
      via: fc.constant('packet' as const),
      by: fc.nat(PUPPETS - 1),
      echo: offers,
      offer: offers,
      boot: counts,
      seq: counts,
      kind: fc.constantFrom(
        CHALLENGE,
        GREETING,
        KIND_BEAT,
        KIND_HEADER,
        KIND_HASHES,
        KIND_CALL,
        KIND_PICK_UP,
        7,
        255,
      ),
      bytes: hex(20),
    }),
  },
  {
    weight: 15,
    arbitrary: record({
      ...common,
      via: fc.constant('rtp' as const),
      own,
      n: fc.nat(OWN_FRAGMENTS - 1),
      as: otherStream,
      flip,
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      ...common,
      via: fc.constant('rtcp' as const),
      own,
      missing: fc.array(fc.nat(65_535), { maxLength: 70 }),
      isSealed: fc.boolean(),
      flip,
    }),
  },
);

/** What a hostile member sends, and now and then what somebody sends who is no member. */
export const inputs: fc.Arbitrary<Input> = fc.oneof(
  { weight: 19, arbitrary: memberInputs },
  { weight: 1, arbitrary: strangerInputs },
);

/** The inputs of one number of one seed: always the same. */
export function inputsOf(seed: number, count: number): Input[] {
  return fc.sample(inputs, { seed, numRuns: count });
}

/**
 * Kinds of input that can be left out, to look past what is known to break a build. A name here is no excuse: `npm test`
 * leaves nothing out.
 */
export const KINDS: Readonly<Record<string, (input: Input) => boolean>> = {
  'bent-ids': (input) => /§bent:|"A{22}"|"-{22}"/.test(JSON.stringify(input)),
  points: (input) => /hpkeKey|signingKey/.test(JSON.stringify(input)) && !isUnchangedKey(input),
  beats: (input) => input.via === 'datagram' && input.kind === KIND_BEAT,
  'beats-of-others': (input) =>
    input.via === 'datagram' && input.kind === KIND_BEAT && !/"node":"§(self|puppet:\d)"/.test(bodyOf(input)),
  claims: (input) =>
    input.via === 'datagram' &&
    input.kind === KIND_BEAT &&
    !/"term":"§term".*"rank":100,.*"role":"member"/.test(bodyOf(input)),
  'big-records': (input) =>
    /"§":"long"/.test(JSON.stringify(input)) && /"record"/.test(JSON.stringify(input)),
  manifests: (input) => input.via === 'frame' && isObject(input.frame) && input.frame['type'] === 'manifest',
  repetitions: (input) => input.times > 1,
  strangers: isStrangers,
};

const bodyOf = (input: Input): string => (input.via === 'datagram' ? JSON.stringify(input.body) : '');
const isUnchangedKey = (input: Input): boolean =>
  /"signingKey":"§key:(self|puppet:\d)"/.test(JSON.stringify(input)) &&
  /"hpkeKey":"§point:(self|puppet:\d)"/.test(JSON.stringify(input));
