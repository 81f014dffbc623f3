const TICK_MS = 250;
const CALM_MS = 20_000;

/** The present time for displays. It ticks only while something is spoken or played, or a reply window is open. */
export class Clock {
  /** ms since the epoch; moves four times a second while something moves. */
  now = $state(Date.now());
  /** The same, updated rarely, for times of day. */
  coarse = $state(Date.now());

  constructor(moving: () => boolean) {
    $effect.root(() => {
      $effect(() => {
        if (!moving()) return;
        this.now = Date.now();
        const timer = setInterval(() => (this.now = Date.now()), TICK_MS);
        return () => clearInterval(timer);
      });
    });
    setInterval(() => (this.coarse = Date.now()), CALM_MS);
  }
}
