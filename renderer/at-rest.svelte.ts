/** The longest that drawing may be put off, ms. */
const WITHIN_MS = 400;

/**
 * A row draws the parts that nobody needs to read it when there is time; rows that are only scrolled past never get to
 * it. Called while a component is made; true once there was time.
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
