import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { KnownAnswers, queryOf, validFor, type DnsQuery } from './known-answers.ts';

const TYPE = '_corridor._tcp.local';
const OWN = `self.${TYPE}`;
const question = { name: TYPE, type: 'PTR' };
const word = (fqdn: string, ttl = 28_800) => ({ type: 'PTR', name: TYPE, data: fqdn, ttl });

/** The known answers of others' queries at this node, and what it answers. */
function open() {
  const time = new HandTime();
  const known = new KnownAnswers(TYPE, OWN, time.schedule);
  const answered: DnsQuery[] = [];
  const heard = (query: Partial<DnsQuery>, from = 'a'): void =>
    known.heard({ questions: [], answers: [], ...query }, from, (left) => answered.push(left));
  return { time, known, answered, heard };
}

describe('known answers', () => {
  it('are not given again, unless they are valid for less than half their time', () => {
    const { answered, heard } = open();
    heard({ questions: [question], answers: [word(`other.${TYPE}`)] });
    assert.equal(answered.length, 1);
    heard({ questions: [question], answers: [word(`other.${TYPE}`), word(OWN)] });
    assert.equal(answered.length, 1);
    heard({ questions: [question], answers: [word(OWN, 14_000)] });
    assert.equal(answered.length, 2);
  });

  it('keep no other question of the same packet from being answered', () => {
    const { answered, heard } = open();
    const other = { name: OWN, type: 'SRV' };
    heard({ questions: [question, other], answers: [word(OWN)] });
    assert.deepEqual(
      answered.map(({ questions }) => questions),
      [[other]],
    );
  });

  it('may come in further packets of the same sender: until then the answer waits', () => {
    const { time, known, answered, heard } = open();
    heard({ questions: [question], flag_tc: true }, 'a');
    heard({ questions: [question], flag_tc: true }, 'b');
    heard({ questions: [question], flag_tc: true }, 'c');
    heard({ answers: [word(OWN)] }, 'a');
    heard({ answers: [word(`other.${TYPE}`)] }, 'b');
    assert.equal(answered.length, 0);
    time.pass(500);
    assert.equal(answered.length, 2);
    heard({ questions: [question], flag_tc: true }, 'a');
    known.close();
    assert.deepEqual(time.dueIn, []);
  });

  it('are awaited of a limited number of senders; the others are answered at once', () => {
    const { answered, heard, time } = open();
    for (let n = 0; n < 100; n += 1) heard({ questions: [question], flag_tc: true }, `${n}`);
    assert.equal(answered.length, 36);
    assert.equal(time.dueIn.length, 64);
    time.pass(500);
    assert.equal(answered.length, 100);
  });

  it('are named in packets within the limit, of which all but the last say that more follow', () => {
    assert.deepEqual(queryOf(TYPE, []), [{ questions: [question], answers: [] }]);
    const known = Array.from({ length: 100 }, (_, n) => ({
      fqdn: `${n}.${TYPE}`.padStart(40, '0'),
      ttl: 28_000,
    }));
    const packets = queryOf(TYPE, known) as (DnsQuery & { flags?: number })[];
    assert.deepEqual(
      packets.map(({ flags }) => flags),
      [...packets.slice(1).map(() => 0x0200), undefined],
    );
    assert.deepEqual(
      packets.map(({ questions }) => questions.length),
      [1, ...packets.slice(1).map(() => 0)],
    );
    assert.deepEqual(
      packets.flatMap(({ answers }) => answers.map(({ data }) => data)),
      known.map(({ fqdn }) => fqdn),
    );
    assert.ok(packets.every(({ answers }) => answers.length <= 16));
  });

  it('are no longer named in the second half of their time', () => {
    const service = { fqdn: OWN, ttl: 1000, lastSeen: 5_000_000 };
    assert.equal(validFor(service, 5_100_000), 900);
    assert.equal(validFor(service, 5_500_000), undefined);
    assert.equal(validFor({ fqdn: OWN }, 5_000_000), undefined);
  });
});
