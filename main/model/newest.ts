/** A map of bounded size. Setting an entry makes it the newest; beyond the bound the one that was set longest ago is dropped. */
export class NewestMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    this.keep(key, value);
    return this;
  }

  /** Sets an entry, and returns the one that was dropped for it. */
  keep(key: Key, value: Value): readonly [Key, Value] | undefined {
    this.delete(key);
    super.set(key, value);
    if (this.size <= this.#most) return undefined;
    const [oldest] = this;
    if (oldest) this.delete(oldest[0]);
    return oldest;
  }
}

/** A set of bounded size, in the same way. */
export class NewestSet<Value> extends Set<Value> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override add(value: Value): this {
    this.delete(value);
    super.add(value);
    if (this.size <= this.#most) return this;
    const oldest = this.values().next();
    if (!oldest.done) this.delete(oldest.value);
    return this;
  }
}
