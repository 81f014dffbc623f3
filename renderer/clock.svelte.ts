const TICK_MS = 250;
const CALM_MS = 20_000;

/** The time that lengths and times are shown by. It ticks only while something is spoken or played, or the time for a reply runs. */
export class Clock {
  /** ms since the epoch; moves four times a second while something moves. */
  now = $state(Date.now());
  /** The same, now and then: for times of day. */
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
