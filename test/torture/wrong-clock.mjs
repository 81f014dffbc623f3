// SKEW_MS=… NODE_OPTIONS=--import=…/wrong-clock.mjs node …: this program's clock is wrong by so many milliseconds.
import process from 'node:process';

const by = Number(process.env.SKEW_MS ?? 0);
const Right = Date;
globalThis.Date = class Date extends Right {
  constructor(...args) {
    super(...(args.length === 0 ? [Right.now() + by] : args));
  }
  static now() {
    return Right.now() + by;
  }
};
