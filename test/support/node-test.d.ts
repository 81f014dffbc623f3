/** What node:test has had since Node 18, and the types of the product's baseline do not know. */
declare module 'node:test' {
  export function before(hook: () => void | Promise<void>): void;
  export function after(hook: () => void | Promise<void>): void;
  export function beforeEach(hook: () => void | Promise<void>): void;
  export function afterEach(hook: () => void | Promise<void>): void;
}
export {};
