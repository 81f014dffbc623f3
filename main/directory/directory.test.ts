import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import {
  nodeIdOf,
  signStatement,
  toBase64url,
  type KnownGroup,
  type NodeId,
  type NodeRecord,
  type Signed,
  type StatementId,
  USUAL_CODES,
} from '../model/index.ts';
import { Directory, directoryToJson, loadDirectory, saveDirectory, type Membership } from './index.ts';
import { MAX_NODES } from './directory.ts';

/** A ledger’s say, as a test wishes it. */
class HandMembership implements Membership {
  readonly codes = USUAL_CODES;
  readonly #persons = new Map<NodeId, NodeId>();
  readonly #numbers = new Map<string, NodeId>();
  readonly #groups: KnownGroup[] = [];

  /** `person`: the first computer of the person whose further one it is. */
  admit(node: NodeId, extension?: string, person = node): this {
    this.#persons.set(node, person);
    if (extension !== undefined) this.#numbers.set(extension, person);
    return this;
  }

  remove(node: NodeId): void {
    const person = this.#persons.get(node);
    this.#persons.delete(node);
    if (person === undefined || this.nodesOf(person).length > 0) return;
    for (const [extension, holder] of this.#numbers) if (holder === person) this.#numbers.delete(extension);
  }

  personOf(node: NodeId): NodeId | undefined {
    return this.#persons.get(node);
  }

  nodesOf(person: NodeId): readonly NodeId[] {
    return [...this.#persons].flatMap(([node, of]) => (of === person ? [node] : []));
  }

  extensionOf(person: NodeId): string | undefined {
    return [...this.#numbers].find(([, holder]) => holder === person)?.[0];
  }

  holderOf(extension: string): NodeId | undefined {
    return this.#numbers.get(extension);
  }

  group(extension: string, ...people: readonly NodeId[]): this {
    const id = `group ${extension}` as StatementId;
    const creator = 'somebody' as NodeId;
    this.#groups.push({ id, name: id, extension, people, talk: 'everybody', change: 'creator', creator });
    return this;
  }

  groupWith(extension: string): KnownGroup | undefined {
    return this.#groups.find((group) => group.extension === extension);
  }
}

/** Of an office in which these people are, with numbers from 201 on. */
function directoryOf(...people: readonly Somebody[]): { directory: Directory; membership: HandMembership } {
  const [directory, membership] = [new Directory(), new HandMembership()];
  people.forEach(({ node }, index) => membership.admit(node, String(201 + index)));
  directory.use(membership);
  return { directory, membership };
}

class Somebody {
  readonly node: NodeId;
  readonly #privateKey: KeyObject;
  readonly #spki: Buffer;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    this.#spki = publicKey.export({ type: 'spki', format: 'der' });
    this.node = nodeIdOf(this.#spki);
  }

  says(changes: Partial<NodeRecord> = {}): Signed {
    const record: NodeRecord = {
      v: 1,
      node: this.node,
      revision: 1,
      name: 'Dana',
      presence: 'available',
      signingKey: toBase64url(this.#spki),
      hpkeKey: toBase64url(this.#spki.subarray(-65)),
      endpoints: { address: '127.0.0.1', control: 1, beat: 2, media: 3 },
      ...changes,
    };
    return signStatement(record, this.#privateKey);
  }
}

describe('directory', () => {
  it('keeps the latest record of each node, and no forged one', () => {
    const [dana, eve] = [new Somebody(), new Somebody()];
    const { directory } = directoryOf(dana, eve);
    const latest = dana.says({ revision: 2, name: 'Dana B' });
    const bent = dana.says({ revision: 9 });
    directory.merge([
      latest,
      dana.says({ revision: 1 }),
      eve.says({ node: dana.node, revision: 9 }),
      { ...bent, payload: bent.payload.replace('Dana', 'Eva') },
      ...['', 'null', '[]', '{"node":7}', '{'].map((payload) => ({ ...bent, payload })),
    ]);
    assert.deepEqual(directory.records(), [latest]);
    assert.equal(directory.get(dana.node)?.name, 'Dana B');
  });

  it('shows a node that is offline as offline, whatever presence its person chose', () => {
    const dana = new Somebody();
    const { directory } = directoryOf(dana);
    directory.setOnline(dana.node, true);
    directory.add(dana.says({ presence: 'busy' }));
    assert.equal(directory.roster()[0]?.presence, 'offline');
    directory.setOnline(dana.node, true);
    assert.equal(directory.presenceOf(dana.node), 'busy');
    directory.add(dana.says({ presence: 'away', revision: 2 }));
    assert.equal(directory.presenceOf(dana.node), 'away');
  });

  it('knows nobody before it follows a ledger, and only members afterwards', () => {
    const [dana, eve] = [new Somebody(), new Somebody()];
    const directory = new Directory();
    directory.merge([dana.says(), eve.says()]);
    assert.deepEqual(directory.roster(), []);
    assert.equal(directory.get(dana.node), undefined);
    directory.use(new HandMembership().admit(dana.node, '204'));
    assert.deepEqual(
      directory.roster().map(({ node, extension }) => [node, extension]),
      [[dana.node, '204']],
    );
    assert.equal(directory.get(eve.node), undefined);
  });

  it('refuses the record of a node that is no member, and takes it once the node is one', () => {
    const [dana, eve] = [new Somebody(), new Somebody()];
    const { directory, membership } = directoryOf(dana);
    directory.add(eve.says({ name: 'Eve' }));
    assert.equal(directory.nameOf(eve.node), undefined);
    membership.admit(eve.node, '301');
    directory.add(eve.says({ name: 'Eve' }));
    assert.equal(directory.resolve('301')[0]?.name, 'Eve');
  });

  it('keeps only the name of a former member', () => {
    const [dana, eve] = [new Somebody(), new Somebody()];
    const { directory, membership } = directoryOf(dana, eve);
    directory.merge([dana.says(), eve.says({ name: 'Eve' })]);
    membership.remove(eve.node);
    assert.equal(directory.nameOf(eve.node), 'Eve');
    assert.equal(directory.get(eve.node), undefined);
    assert.deepEqual(directory.resolve('202'), []);
    assert.deepEqual(
      directory.roster().map(({ node }) => node),
      [dana.node],
    );
    directory.add(eve.says({ name: 'Mallory', revision: 2 }));
    assert.equal(directory.nameOf(eve.node), 'Eve', 'they rename themselves no more');
  });

  it('forgets former members when it is full, and never a member', () => {
    const [dana, former] = [new Somebody(), new Somebody()];
    const others = Array.from({ length: MAX_NODES - 1 }, () => new Somebody());
    const { directory, membership } = directoryOf(former, dana, ...others);
    directory.merge([former, dana, ...others.slice(1)].map((one) => one.says()));
    membership.remove(former.node);
    assert.equal(directory.nameOf(former.node), 'Dana', 'there is room');
    directory.add(others[0]!.says());
    assert.equal(directory.nameOf(former.node), undefined);
    assert.equal(directory.roster().length, MAX_NODES);
  });

  it('a number reaches all computers of its person that are known', () => {
    const [desk, laptop, phone, other] = [new Somebody(), new Somebody(), new Somebody(), new Somebody()];
    const { directory, membership } = directoryOf(desk, other);
    for (const { node } of [laptop, phone]) membership.admit(node, undefined, desk.node);
    directory.merge([desk, laptop, other].map((one) => one.says()));
    const reached = directory.resolve('201');
    assert.deepEqual(
      reached.map(({ node, person, extension }) => [node, person, extension]),
      [desk, laptop].map(({ node }) => [node, desk.node, '201']),
    );
    membership.remove(desk.node);
    assert.deepEqual(
      directory.resolve('201').map(({ node }) => node),
      [laptop.node],
      'the number stays with the person while one of their computers is in',
    );
    assert.equal(directory.nameOfPerson(desk.node), directory.nameOf(laptop.node));
  });

  it('lists people by number, and people without one at the end', () => {
    const [ten, two, none] = [new Somebody(), new Somebody(), new Somebody()];
    const directory = new Directory();
    directory.use(new HandMembership().admit(none.node).admit(ten.node, '1001').admit(two.node, '202'));
    directory.merge([none, ten, two].map((one) => one.says()));
    assert.deepEqual(
      directory.roster().map(({ extension }) => extension),
      ['202', '1001', ''],
    );
  });

  it('names the next free extension', () => {
    const directory = new Directory();
    assert.equal(directory.nextFree(), '101');
    directory.use(new HandMembership().admit(new Somebody().node, '101').admit(new Somebody().node, '103'));
    assert.equal(directory.nextFree(), '102');
  });

  it('names the next free extension where a group has one, and the next for a group', () => {
    const directory = new Directory();
    assert.equal(directory.nextFreeForGroup(), '600');
    directory.use(new HandMembership().group('101').group('600').admit(new Somebody().node, '601'));
    assert.deepEqual([directory.nextFree(), directory.nextFreeForGroup()], ['102', '602']);
  });

  it('merges records to the same result in any order and any number of times', () => {
    const people = Array.from({ length: 6 }, () => new Somebody());
    const records = people.flatMap((somebody) =>
      [1, 2, 2].map((revision, turn) => somebody.says({ revision, name: `N${turn}` })),
    );
    const random = seededRandom(7);
    const shown = (directory: Directory) => JSON.stringify(directory.roster());
    const inOrder = directoryOf(...people).directory;
    inOrder.merge(records);
    for (let round = 0; round < 30; round += 1) {
      const shuffled = [...records].sort(() => random() - 0.5);
      const [left, right] = [directoryOf(...people).directory, directoryOf(...people).directory];
      left.merge(shuffled.slice(0, 9));
      right.merge(shuffled.slice(7));
      left.merge(right.records());
      right.merge(left.records());
      assert.equal(shown(left), shown(inOrder));
      assert.equal(shown(right), shown(inOrder));
      left.merge(records);
      assert.equal(shown(left), shown(inOrder), 'what is known changes nothing');
    }
  });

  it('is saved with its signatures, and read again', async () => {
    const folder = tempFolder('directory');
    const file = join(folder, 'directory.json');
    assert.equal((await loadDirectory(file)).directory.records().length, 0);
    const people = [new Somebody(), new Somebody()];
    const { directory, membership } = directoryOf(...people);
    directory.merge(people.map((one, n) => one.says({ name: `Dana ${n}` })));
    await saveDirectory(file, directory);
    const again = await loadDirectory(file);
    again.directory.use(membership);
    assert.equal(again.directory.roster().length, 2);
    assert.deepEqual(again.directory.roster(), directory.roster());
    assert.equal(again.trouble, undefined);

    const forged = directoryToJson(directory);
    const bent = forged.records.map((signed) => ({
      ...signed,
      payload: signed.payload.replace('Dana 0', 'Eva'),
    }));
    await writeFile(file, JSON.stringify({ v: 1, records: bent }));
    assert.equal((await loadDirectory(file)).directory.records().length, 1);

    await writeFile(file, (await readFile(file, 'utf8')).slice(0, 100));
    const damaged = await loadDirectory(file);
    assert.equal(damaged.directory.records().length, 0);
    assert.equal(damaged.trouble?.code, 'directory-damaged');
    assert.deepEqual(await readdir(folder), ['directory.json.damaged']);
  });
});
