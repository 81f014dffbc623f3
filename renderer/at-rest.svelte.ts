/** The longest that drawing may be put off, ms. */
const WITHIN_MS = 400;

/**
 * Puts off drawing a row's secondary parts until the page is idle, so that rows that are only scrolled past never draw them. To be called
 * while a component is made. `now` becomes true once the page was idle.
 */
export function atRest(): { readonly now: boolean } {
  let now = $state(false);
  $effect(() => {
    const wait = requestIdleCallback(() => (now = true), { timeout: WITHIN_MS });
    return () => cancelIdleCallback(wait);
  });
  return {
    get now() {
      return now;
    },
  };
}
