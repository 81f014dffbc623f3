interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** A binary heap of events by their time. */
export class EventQueue {
  readonly #heap: Event[] = [];

  peek(): Event | undefined {
    return this.#heap[0];
  }

  push(at: number, run: () => void): void {
    const heap = this.#heap;
    let hole = heap.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent];
      if (!above || above.at <= at) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = { at, run };
  }

  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      let below = heap[child];
      const right = heap[child + 1];
      if (right && below && right.at < below.at) {
        child += 1;
        below = right;
      }
      if (!below || below.at >= last.at) break;
      heap[hole] = below;
      hole = child;
    }
    heap[hole] = last;
  }
}
