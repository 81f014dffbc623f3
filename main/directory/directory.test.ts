import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  nodeIdOf,
  signStatement,
  toBase64url,
  type NodeId,
  type NodeRecord,
  type Signed,
} from '../model/index.ts';
import { Directory, MAX_NODES, directoryToJson, loadDirectory, saveDirectory } from './index.ts';

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
      extension: '204',
      claimedAt: 1000,
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
    const directory = new Directory();
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

  it('shows who is offline, whatever they chose', () => {
    const dana = new Somebody();
    const directory = new Directory();
    directory.setOnline(dana.node, true);
    directory.add(dana.says({ presence: 'busy' }));
    assert.equal(directory.roster()[0]?.presence, 'offline');
    directory.setOnline(dana.node, true);
    assert.equal(directory.presenceOf(dana.node), 'busy');
    directory.add(dana.says({ presence: 'away', revision: 2 }));
    assert.equal(directory.presenceOf(dana.node), 'away');
  });

  it('leaves an extension to the earlier claim, and names its holder to the later', () => {
    const [first, second, third] = [new Somebody(), new Somebody(), new Somebody()];
    const directory = new Directory();
    directory.add(second.says({ claimedAt: 2000 }));
    assert.equal(directory.takenBy(second.node), undefined);
    directory.add(first.says({ claimedAt: 1000 }));
    directory.add(third.says({ claimedAt: 3000 }));
    assert.equal(directory.resolve('204')[0]?.node, first.node);
    assert.equal(directory.takenBy(second.node), first.node);
    assert.equal(directory.takenBy(third.node), first.node);
    assert.equal(directory.isFree('204', first.node), false);
    assert.equal(directory.isFree('205'), true);

    directory.add(first.says({ revision: 2, extension: '301' }));
    assert.equal(directory.resolve('204')[0]?.node, second.node);
    assert.equal(directory.takenBy(second.node), undefined);
    assert.equal(directory.takenBy(third.node), second.node);
  });

  it('gives an extension claimed at the same moment to the lower node id', () => {
    const pair = [new Somebody(), new Somebody()];
    const directory = new Directory();
    directory.merge(pair.map((somebody) => somebody.says()));
    assert.equal(directory.resolve('204')[0]?.node, pair.map(({ node }) => node).sort()[0]);
  });

  it('names the next free extension', () => {
    const directory = new Directory();
    assert.equal(directory.nextFree(), '101');
    directory.add(new Somebody().says({ extension: '101' }));
    directory.add(new Somebody().says({ extension: '103' }));
    assert.equal(directory.nextFree(), '102');
  });

  it('merges in any order, any number of times, to the same', () => {
    const people = Array.from({ length: 6 }, () => new Somebody());
    const records = people.flatMap((somebody, index) =>
      [1, 2, 2].map((revision, turn) =>
        somebody.says({
          revision,
          name: `N${turn}`,
          extension: String(200 + (index % 3)),
          claimedAt: index >> 1,
        }),
      ),
    );
    let state = 7;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const shown = (directory: Directory) => JSON.stringify(directory.roster());
    const inOrder = new Directory();
    inOrder.merge(records);
    for (let round = 0; round < 30; round += 1) {
      const shuffled = [...records].sort(() => random() - 0.5);
      const [left, right] = [new Directory(), new Directory()];
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

  it('that is full is shared: who is there takes the place of who was never met, then of who was met the longest ago', () => {
    const directory = new Directory();
    const people = Array.from({ length: MAX_NODES }, () => new Somebody());
    directory.merge(people.map((one) => one.says()));
    const [first, second, third] = people as [Somebody, Somebody, Somebody];
    const isIn = ({ node }: Somebody) => directory.get(node) !== undefined;
    const [rumour, bo, cy] = [new Somebody(), new Somebody(), new Somebody()];
    directory.add(rumour.says());
    assert.equal(isIn(rumour), false, 'one that is only heard of is passed over');
    directory.meet(first.node);
    directory.setOnline(second.node, true);
    directory.add(bo.says(), true);
    assert.deepEqual([first, second, third, bo].map(isIn), [true, true, false, true]);
    for (const { node } of people.slice(1)) directory.meet(node);
    for (const { node } of [bo]) directory.meet(node);
    directory.add(cy.says(), true);
    assert.deepEqual([first, second, bo, cy].map(isIn), [false, true, true, true]);
    assert.equal(directory.records().length, MAX_NODES);
  });

  it('turns a node away where everybody is there', () => {
    const directory = new Directory();
    const people = Array.from({ length: MAX_NODES }, () => new Somebody());
    directory.merge(people.map((one) => one.says()));
    for (const { node } of people) directory.setOnline(node, true);
    const late = new Somebody();
    directory.add(late.says(), true);
    assert.equal(directory.get(late.node), undefined);
  });

  it('is saved with its signatures, and read again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'directory-'));
    try {
      const file = join(folder, 'directory.json');
      assert.equal((await loadDirectory(file)).directory.roster().length, 0);
      const directory = new Directory();
      directory.merge([new Somebody().says(), new Somebody().says({ extension: '205' })]);
      await saveDirectory(file, directory);
      const again = await loadDirectory(file);
      assert.deepEqual(again.directory.roster(), directory.roster());
      assert.equal(again.trouble, undefined);

      const forged = directoryToJson(directory);
      const bent = forged.records.map((signed) => ({
        ...signed,
        payload: signed.payload.replace('204', '299'),
      }));
      await writeFile(file, JSON.stringify({ v: 1, records: bent }));
      assert.equal((await loadDirectory(file)).directory.roster().length, 1);

      await writeFile(file, (await readFile(file, 'utf8')).slice(0, 100));
      const damaged = await loadDirectory(file);
      assert.equal(damaged.directory.roster().length, 0);
      assert.equal(damaged.trouble?.code, 'directory-damaged');
      assert.deepEqual(await readdir(folder), ['directory.json.damaged']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
