/** Starts a program of Node with a clock that is wrong by this many milliseconds in each of its threads: variables of its environment. */
export const wrongClock = (ms: number): { readonly NODE_OPTIONS: string } => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`
    const Right = Date;
    const now = () => Right.now() + ${ms};
    globalThis.Date = class Date extends Right {
      constructor(...args) { if (args.length === 0) super(now()); else super(...args); }
      static now() { return now(); }
    };`)}`,
});
