import fc from 'fast-check';
import { beatSchema } from '../../main/election/beat.ts';
import {
  callSignalSchema,
  pickUpSchema,
  fragmentHashesSchema,
  headerSchema,
  manifestSchema,
  nodeRecordSchema,
  receiptSchema,
  sheetedHeaderSchema,
} from '../../main/model/index.ts';
import { BEAT, CALL_SIGNAL, HASHES, HEADER, PICK_UP } from '../../main/office/freshness.ts';
import { controlMessageSchema, type ControlMessageType } from '../../main/signalling/index.ts';
import { arbitraryOf, type Meanings } from './from-schema.ts';
import { signed, type Tree, type TreeObject } from './tree.ts';

/** How many messages the hostile member has under way at once, and how many fragments each has. */
export const OWN_MESSAGES = 8;
export const OWN_FRAGMENTS = 50;
export const PUPPETS = 3;
export const OFFICE_SIZE = 5;

const own = fc.nat(OWN_MESSAGES - 1);
const node = fc.nat(OFFICE_SIZE - 1);
const author = fc.oneof(
  { weight: 5, arbitrary: fc.constant('self') },
  { weight: 1, arbitrary: fc.nat(PUPPETS - 1).map((n) => `puppet:${n}`) },
);

const exactly = (...trees: readonly Tree[]): fc.Arbitrary<Tree> => fc.constantFrom(...trees);

/** What fields mean, by their names: a schema says of most only how they look. */
const FIELDS: Readonly<Record<string, fc.Arbitrary<Tree>>> = {
  address: exactly('§address'),
  control: exactly('§port:control', 1, 65_535),
  beat: exactly('§port:beat'),
  media: exactly('§port:media'),
  port: exactly('§port:control', 1, 65_535),
  signingKey: exactly('§key:self'),
  hpkeKey: exactly('§point:self'),
  from: exactly('§extension:self'),
  // Mostly its own number; now and then somebody else's.
  extension: exactly(...Array<Tree>(8).fill('§extension:self'), '§extension:node:1', '§extension:node:3'),
  startedAt: exactly('§now:0'),
  endedAt: exactly('§now:0'),
  at: exactly('§now:0'),
  since: exactly('§now:-60000'),
  revision: exactly('§count:revision'),
  hash: exactly('§hash:0', 'A'.repeat(43)),
  enc: exactly('§enc:0:0'),
  sealed: exactly('§sealed:0:0'),
  sheet: exactly('§sheet:0', '§sheet:1', '§sheet:2', '{}'),
  store: exactly(...Array<Tree>(8).fill('§store:self'), '§store:other'),
  n: exactly('§now:0', '§now:0', 0),
  nonce: exactly('§nonce:0', '§nonce:1'),
  proof: exactly('§proof:0'),
  roster: exactly('A'.repeat(11), 'AAAAAAAAAAE'),
  digest: exactly(...Array<Tree>(3).fill('§digest'), '§digest:other'),
  ids: fc.array(exactly('§statement:0', '§statement:1', '§statement:other'), { maxLength: 4 }),
  after: exactly(['§statement:last'], ['§statement:0'], ['§statement:1', '§statement:last']),
  removal: exactly('§statement:1', '§statement:last'),
  over: exactly('§statement:1', '§statement:last'),
  first: exactly('§statement:0', '§statement:1'),
  office: exactly('§office'),
  removals: exactly('§store:removals'),
  tag: exactly('§tag', '§tag:other'),
  commit: exactly('§proof:1'),
  key: exactly('§point:self'),
  why: exactly('full', 'busy', 'declined', 'removed', 'unheard-of'),
  link: exactly('§link:0', '§link:1', `corridor://join/${'A'.repeat(48)}`),
  until: exactly('§now:3600000', '§now:0'),
  group: exactly({ id: '§statement:0', name: 'Sales' }, { id: '§statement:other', name: 'Board' }),
  // Mostly one that goes on; without a common one a link ends.
  protocol: exactly(...Array<Tree>(8).fill({ min: 1, max: 3 }), { min: 900, max: 901 }),
};

const meanings: Meanings = (field) => FIELDS[field];
/** `from` is a fragment's number in frames, and an extension in headers. */
const frameMeanings: Meanings = (field) => (field === 'from' ? fc.nat(60) : FIELDS[field]);
/** A redemption is proven by a signature, a copy of a message by a hash. */
const redeemMeanings: Meanings = (field) => (field === 'proof' ? exactly('§signature') : FIELDS[field]);

/** A statement's fields by its schema, with those that belong together on top. */
function statement(
  schema: object,
  together: fc.Arbitrary<TreeObject>,
  by: fc.Arbitrary<string>,
): fc.Arbitrary<Tree> {
  const fields = arbitraryOf(schema, meanings, () => fc.constant(null)) as fc.Arbitrary<TreeObject>;
  return fc
    .tuple(fields, together, by)
    .map(([all, some, who]) => signed(who, forAuthor({ ...all, ...some }, who)));
}

/** In a statement `self` stands for its author: puts `by` in its place. */
function forAuthor(payload: TreeObject, by: string): Tree {
  const text = JSON.stringify(payload);
  return by === 'self' ? payload : (JSON.parse(text.replaceAll(/(§|:)self"/g, `$1${by}"`)) as Tree);
}

const record = statement(nodeRecordSchema, fc.constant({ node: '§self', name: '§name:self' }), author);

const headerOf = (message: fc.Arbitrary<number>): fc.Arbitrary<Tree> =>
  statement(
    headerSchema,
    fc
      .tuple(message, fc.uniqueArray(node, { minLength: 1, maxLength: OFFICE_SIZE }), node)
      .map(([k, recipients, to]) => ({
        ...{ id: `§own:${k}`, talker: '§self', ssrc: `§ssrc:${k}`, to: `§extension:node:${to}` },
        recipients: recipients.map((n) => `§node:${n}`),
        keys: recipients.map((n) => ({
          ...{ node: `§node:${n}`, enc: `§enc:${k}:${n}`, sealed: `§sealed:${k}:${n}` },
        })),
      })),
    fc.constant('self'),
  );

/** To many: a sheet has recipients and keys. */
const sheetedHeader: fc.Arbitrary<Tree> = statement(
  sheetedHeaderSchema,
  fc.tuple(own, own).map(([k, other]) => ({
    ...{ id: `§own:${k}`, talker: '§self', ssrc: `§ssrc:${k}`, to: '§extension:node:1' },
    ...{ sheet: `§sheet-hash:${other}`, sealed: `§sheeted:${k}` },
  })),
  fc.constant('self'),
);

const manifestOf = (message: fc.Arbitrary<number>): fc.Arbitrary<Tree> =>
  statement(
    manifestSchema,
    fc.tuple(message, fc.constantFrom(OWN_FRAGMENTS, OWN_FRAGMENTS, 0, 1, 60_000)).map(([k, count]) => ({
      ...{ id: `§own:${k}`, talker: '§self', count, durationMs: count * 10, hash: `§hash:${k}` },
    })),
    author,
  );

/** Of its own message, as a rule not those of its fragments: a talker who contradicts itself. */
const hashes = statement(
  fragmentHashesSchema,
  fc.tuple(own, fc.constantFrom(0, 0, 50, 59_950)).map(([k, from]) => ({
    ...{ id: `§own:${k}`, talker: '§self', from, hashes: `§hash:${k}` },
  })),
  author,
);

const [header, manifest] = [headerOf(own), manifestOf(own)];

const receipt = statement(receiptSchema, fc.constant({ node: '§self' }), author);

const card = (who: string): Tree =>
  signed(who, { v: 1, type: 'card', signingKey: `§key:${who}`, hpkeKey: `§point:${who}` });
const byLedger = fc.record({ v: fc.constant(1), by: fc.constant('§self'), office: FIELDS['office']! });

/** What a ledger holds besides its charter, by the type of the statement: what its author may say, and what it may not. */
const RULES: Readonly<Record<string, fc.Arbitrary<TreeObject>>> = {
  admit: fc.record({ card: author.map(card), person: personOf(), extension: FIELDS['extension']! }),
  admin: fc.record({ node: personOf() }),
  remove: fc.record({ nodes: fc.uniqueArray(personOf(), { minLength: 1, maxLength: 3 }) }),
  restore: fc.record({ removal: FIELDS['removal']! }),
  number: fc.record({ person: personOf(), extension: FIELDS['extension']!, over: FIELDS['over']! }),
  right: fc.record({ person: personOf(), rights: exactly([], ['barge'], ['barge', 'later']) }),
  setting: fc.record({ key: exactly('name', 'admit', 'later'), value: exactly('', 'admins', 'Nonsense') }),
  recovery: fc.record({ key: FIELDS['key']! }),
  first: fc.record({ first: FIELDS['first']!, over: FIELDS['over']! }),
  later: fc.record({ node: personOf() }),
  group: fc.record({
    ...{ name: exactly('Sales', 'Board'), extension: FIELDS['extension']!, people: somePeople() },
    ...{ talk: exactly('everybody', 'members'), change: exactly('creator', 'members') },
  }),
  'group-name': fc.record({ group: groupOf(), name: exactly('Sales', 'Nonsense') }),
  'group-number': fc.record({ group: groupOf(), extension: FIELDS['extension']! }),
  'group-rights': fc.record({ group: groupOf(), talk: exactly('members'), change: exactly('members') }),
  'group-in': fc.record({ group: groupOf(), people: somePeople() }),
  'group-out': fc.record({ group: groupOf(), people: somePeople() }),
  'group-end': fc.record({ group: groupOf() }),
};
const rule: fc.Arbitrary<Tree> = fc
  .tuple(fc.constantFrom(...Object.keys(RULES)), byLedger, FIELDS['after']!)
  .chain(([type, common, after]) =>
    RULES[type]!.map((fields) => signed('self', { ...common, after, type, ...fields })),
  );
const invitation: fc.Arbitrary<Tree> = fc
  .tuple(byLedger, FIELDS['after']!, FIELDS['until']!, fc.boolean())
  .map(([common, after, until, isWithdrawn]) =>
    signed(
      'self',
      isWithdrawn
        ? { ...common, type: 'withdraw', invitation: '§id:0', until }
        : {
            ...{ ...common, type: 'invitation', key: '§point:self', until, uses: 20, after },
            removals: '§store:removals',
          },
    ),
  );

function personOf(): fc.Arbitrary<Tree> {
  return exactly('§self', '§puppet:0', '§puppet:1', '§node:0', '§node:1', '§node:3');
}

function somePeople(): fc.Arbitrary<Tree> {
  return fc.uniqueArray(personOf(), { minLength: 1, maxLength: 3 });
}

function groupOf(): fc.Arbitrary<Tree> {
  return exactly('§statement:1', '§statement:last');
}

/** Signed statements by the field of a frame that holds them. A field that is not here holds any of them. */
const STATEMENTS: Readonly<Record<string, fc.Arbitrary<Tree>>> = {
  ...{ record, hashes, manifest, receipt, invitation, statements: rule, records: invitation },
  header: fc.oneof(header, sheetedHeader),
  card: author.map(card),
};
export const anyStatement = fc.oneof(
  ...[record, header, sheetedHeader, hashes, manifest, receipt, rule, invitation],
);
const signedOf = (field: string): fc.Arbitrary<Tree> => STATEMENTS[field] ?? anyStatement;

type FrameSchema = (typeof controlMessageSchema.options)[number];
const typeOf = (schema: FrameSchema): ControlMessageType => schema.entries.type.literal;

/** A node is asked to keep a message: header and end belong together. */
const keep: fc.Arbitrary<Tree> = own.chain((k) =>
  fc
    .tuple(headerOf(fc.constant(k)), manifestOf(fc.constant(k)))
    .map(([its, end]) => ({ type: 'keep', header: its, manifest: end })),
);

const MEANINGS: Partial<Readonly<Record<ControlMessageType, Meanings>>> = {
  // These are messages, not statements.
  history: (field, schema) => (field === 'ids' ? undefined : meanings(field, schema)),
  ...{ fetch: frameMeanings, 'fetch-end': frameMeanings, redeem: redeemMeanings },
};

/** Well-formed frames of each type that nodes know. */
export const FRAMES: ReadonlyMap<ControlMessageType, fc.Arbitrary<Tree>> = new Map(
  controlMessageSchema.options.map((schema) => [
    typeOf(schema),
    typeOf(schema) === 'keep' ? keep : arbitraryOf(schema, MEANINGS[typeOf(schema)] ?? meanings, signedOf),
  ]),
);

/** What a datagram says is in it. */
export const KIND_BEAT = BEAT;
export const KIND_HEADER = HEADER;
export const KIND_HASHES = HASHES;
export const KIND_CALL = CALL_SIGNAL;
export const KIND_PICK_UP = PICK_UP;

/** The beat of a member that follows the switch. */
export const quietBeat = (who = 'self'): TreeObject => ({
  ...{ v: 1, node: `§${who}`, boot: '§boot', seq: `§count:${who}`, period: 0, term: '§term', rank: 100 },
  ...{ role: 'member', switch: '§switch', members: 6, sentAt: 1000, revision: '§count:revision' },
  endpoints: { address: '§address', control: '§port:control', beat: '§port:beat', media: '§port:media' },
});

export const beat: fc.Arbitrary<Tree> = fc
  .tuple(arbitraryOf(beatSchema, meanings, signedOf) as fc.Arbitrary<TreeObject>, author, fc.boolean())
  .map(([fields, who, isQuiet]) => (isQuiet ? quietBeat(who) : { ...fields, ...quietBeat(who) }));

export const headerDatagram = STATEMENTS['header']!;
export const hashesDatagram = hashes;

/** What it says of calls: a few of them, begun, answered and ended in any order. */
export const callDatagram: fc.Arbitrary<Tree> = fc
  .tuple(
    arbitraryOf(callSignalSchema, meanings, signedOf) as fc.Arbitrary<TreeObject>,
    fc.constantFrom(
      'caller calling',
      'caller connected',
      'callee ringing',
      'callee answered',
      'callee ended',
    ),
    own,
  )
  .map(([{ key: _key, ...fields }, word, k]) => {
    const [side = '', state = ''] = word.split(' ');
    const key = { ssrc: `§ssrc:${k}`, enc: `§enc:${k}:0`, sealed: `§sealed:${k}:0` };
    const hasKey = state === 'calling' || state === 'answered';
    return { ...fields, call: `§own:${k}`, side, state, ...(hasKey && { key }) };
  });

/** What it says to pick up a call that rings, or that does not. */
export const pickUpDatagram: fc.Arbitrary<Tree> = fc.oneof(
  ...pickUpSchema.options.map((schema) => arbitraryOf(schema, meanings, signedOf)),
);

/** What a member says of itself. */
export const recordOf = (who = 'self'): Tree =>
  signed(who, {
    ...{ v: 1, node: `§${who}`, revision: '§count:revision', name: `§name:${who}` },
    ...{ presence: 'available', store: `§store:${who}`, signingKey: `§key:${who}`, hpkeKey: `§point:${who}` },
    endpoints: { address: '§address', control: '§port', beat: '§port', media: '§port' },
  });

export const hello: Tree = { type: 'hello', record: recordOf(), version: '0.0.0-hostile' };
