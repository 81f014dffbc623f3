import assert from 'node:assert/strict';
import test from 'node:test';
import { nextTurn, type Fragment } from '../model/index.ts';
import { FragmentStream, type StreamListener, type StreamSource } from './fragment-stream.ts';
import { FragmentTable, IN_MEMORY } from './fragment-table.ts';

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** What the disk or a listener waits for, in the test's hand. */
class Gate {
  readonly passed: Promise<void>;
  open!: () => void;
  fail!: () => void;

  constructor() {
    this.passed = new Promise((resolve, reject) => {
      this.open = resolve;
      this.fail = () => reject(new Error('EIO'));
    });
  }
}

/** What a stream reads from, and the stream; each delivery is kept as the numbers it carried. */
class Ground implements StreamSource {
  readonly deliveries: number[][] = [];
  readonly table = new FragmentTable();
  /** Held, and read from the disk: the others are in memory. */
  readonly onDisk = new Set<number>();
  count: number | undefined;
  readonly opening = new Gate();
  reading: Promise<void> = Promise.resolve();
  stream: FragmentStream | undefined;

  constructor({ isOpen = true } = {}) {
    if (isOpen) this.opening.open();
  }

  begin(from = 0, listener: StreamListener = () => undefined): FragmentStream {
    return (this.stream = new FragmentStream(this, from, (fragments) => {
      this.deliveries.push(fragments.map(({ n }) => n));
      return listener(fragments);
    }));
  }

  /** These fragments come, and the stream goes as far as it can. */
  async arrive(...numbers: number[]): Promise<void> {
    for (const n of numbers) {
      this.table.set(n, IN_MEMORY, 60);
      this.stream?.arrived(n);
    }
    await nextTurn();
  }

  /** The manifest comes. */
  async end(count: number): Promise<void> {
    this.count = count;
    this.stream?.poke();
    await nextTurn();
  }

  ready(): Promise<void> {
    return this.opening.passed;
  }

  next(n: number): number | undefined {
    return this.table.next(n);
  }

  readNow(numbers: readonly number[]): Fragment[] | undefined {
    return numbers.some((n) => this.onDisk.has(n)) ? undefined : numbers.map(fragmentOf);
  }

  async read(numbers: readonly number[]): Promise<Fragment[]> {
    await this.reading;
    return numbers.filter((n) => this.table.has(n)).map(fragmentOf);
  }

  allHeld(): boolean {
    return this.count !== undefined && this.table.held === this.count;
  }
}

function fragmentOf(n: number): Fragment {
  return { n, bytes: Uint8Array.of(n & 0xff) };
}

/** How the stream has ended by now; undefined while it is open. */
async function endOf({ done }: FragmentStream): Promise<string | undefined> {
  return Promise.race([done, nextTurn().then(() => undefined)]);
}

void test('what is held comes in ascending order, at most 128 at once; then each fragment as it arrives', async () => {
  const ground = new Ground();
  await ground.arrive(...upTo(0, 300).reverse());
  const stream = ground.begin();
  await nextTurn();
  assert.deepEqual(ground.deliveries, [upTo(0, 128), upTo(128, 256), upTo(256, 300)]);
  await ground.arrive(300);
  await ground.arrive(301, 302);
  assert.deepEqual(ground.deliveries.slice(3), [[300], [301, 302]]);
  assert.equal(await endOf(stream), undefined, 'more may come');
});

void test('it ends once all that the manifest counts is delivered, and not before', async () => {
  const ground = new Ground();
  const stream = ground.begin();
  await ground.arrive(0, 1, 3);
  await ground.end(4);
  assert.equal(await endOf(stream), undefined);
  await ground.arrive(2);
  assert.deepEqual(ground.deliveries.flat(), [0, 1, 3, 2]);
  assert.equal(await endOf(stream), 'all');
});

void test('a manifest that comes last ends it, too', async () => {
  const ground = new Ground();
  const stream = ground.begin();
  await ground.arrive(0, 1);
  assert.equal(await endOf(stream), undefined);
  await ground.end(2);
  assert.equal(await endOf(stream), 'all');
});

void test('what fills a gap comes when it is there, once', async () => {
  const ground = new Ground();
  ground.begin();
  await ground.arrive(0, 1, 5);
  await ground.arrive(3);
  await ground.arrive(6);
  await ground.arrive(2, 4);
  assert.deepEqual(ground.deliveries.flat(), [0, 1, 5, 3, 6, 2, 4]);
});

void test('nothing before its beginning comes, whether it is held or arrives later', async () => {
  const ground = new Ground();
  await ground.arrive(0, 1, 2, 10, 11);
  const stream = ground.begin(10);
  await nextTurn();
  await ground.arrive(3, 9, 12);
  assert.deepEqual(ground.deliveries.flat(), [10, 11, 12]);
  await ground.arrive(...upTo(4, 9));
  await ground.end(13);
  assert.equal(await endOf(stream), 'all');
  assert.deepEqual(ground.deliveries.flat(), [10, 11, 12]);
});

void test('the next ones wait until the listener has taken the last ones', async () => {
  const ground = new Ground();
  let taken = new Gate();
  const stream = ground.begin(0, () => taken.passed);
  await ground.arrive(0);
  await ground.arrive(1);
  await ground.arrive(3, 2);
  await ground.end(4);
  assert.deepEqual(ground.deliveries, [[0]]);
  const first = taken;
  taken = new Gate();
  first.open();
  await nextTurn();
  assert.deepEqual(ground.deliveries, [[0], [1, 2, 3]]);
  assert.equal(await endOf(stream), undefined, 'the last ones are not taken yet');
  taken.open();
  assert.equal(await endOf(stream), 'all');
});

void test('nothing comes before it is known what is held', async () => {
  const ground = new Ground({ isOpen: false });
  ground.begin();
  await ground.arrive(0, 1);
  assert.deepEqual(ground.deliveries, []);
  ground.opening.open();
  await nextTurn();
  assert.deepEqual(ground.deliveries, [[0, 1]]);
});

void test('what cannot be read is left out, and comes when it has arrived again', async () => {
  const ground = new Ground();
  await ground.arrive(0, 1, 2);
  ground.onDisk.add(1);
  const disk = new Gate();
  ground.reading = disk.passed;
  const stream = ground.begin();
  await nextTurn();
  // The read finds the fragment damaged: from then on it is not held.
  ground.table.drop(1);
  disk.open();
  await nextTurn();
  assert.deepEqual(ground.deliveries.flat(), [0, 2]);
  await ground.end(3);
  assert.equal(await endOf(stream), undefined);
  ground.onDisk.clear();
  await ground.arrive(1);
  assert.deepEqual(ground.deliveries.flat(), [0, 2, 1]);
  assert.equal(await endOf(stream), 'all');
});

void test('after its end nothing comes, not even what was being read; the first reason counts', async () => {
  const ground = new Ground();
  await ground.arrive(0);
  ground.onDisk.add(0);
  const disk = new Gate();
  ground.reading = disk.passed;
  const stream = ground.begin();
  await nextTurn();
  stream.end('deleted');
  stream.end('stopped');
  assert.equal(await endOf(stream), 'deleted');
  disk.open();
  await ground.arrive(1);
  assert.deepEqual(ground.deliveries, []);
});

for (const [what, breakIt] of [
  ['the disk cannot be opened', (ground) => ground.opening.fail()],
  ['the disk cannot be read', (ground) => (ground.reading = Promise.reject(new Error('EIO')))],
  ['its listener fails', () => undefined],
] as readonly (readonly [string, (ground: Ground) => void])[])
  void test(`it ends, and delivers no more, where ${what}`, async () => {
    const ground = new Ground({ isOpen: false });
    ground.table.set(0, 812, 60);
    ground.onDisk.add(0);
    const stream = ground.begin(0, () => Promise.reject(new Error('no room')));
    breakIt(ground);
    ground.opening.open();
    assert.equal(await endOf(stream), 'failed');
    const deliveries = ground.deliveries.length;
    ground.onDisk.clear();
    await ground.arrive(1);
    assert.equal(ground.deliveries.length, deliveries);
  });
