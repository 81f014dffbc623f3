/** What node:test has had since Node 18, and the types of the product's baseline do not know. */
declare module 'node:test' {
  export function before(hook: () => unknown): void;
  export function after(hook: () => unknown): void;
  export function beforeEach(hook: () => unknown): void;
  export function afterEach(hook: () => unknown): void;
  interface TestContext {
    /** Runs at the test's end, also where it failed: what a test opens is closed here. */
    after(hook: () => unknown): void;
  }
  export function it(name: string, fn: (t: TestContext) => unknown): void;
  export function it(name: string, options: TestOptions, fn: (t: TestContext) => unknown): void;
}
export {};
