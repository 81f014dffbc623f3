/** A map with a bound. An entry that is set is the newest; the one that was set longest ago makes room for it. */
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

  /** Sets it, and returns the entry that made room. */
  keep(key: Key, value: Value): readonly [Key, Value] | undefined {
    this.delete(key);
    super.set(key, value);
    if (this.size <= this.#most) return undefined;
    const [oldest] = this;
    if (oldest) this.delete(oldest[0]);
    return oldest;
  }
}

/** A set with a bound, in the same way. */
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
