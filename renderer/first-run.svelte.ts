/** Remembers whether this panel has yet to show the sound step of the first run: it is kept per panel, not per node. */
const KEY = 'corridor.first-run';

class FirstRun {
  /** There is an office, and the step that tries the sound has been neither done nor skipped. */
  soundIsNext = $state(read());
  /** A person who is no member any more chose to join an office again. */
  isAgain = $state(false);

  /** The office is there: sound comes next, also if the panel is closed before. */
  askForSound(): void {
    this.soundIsNext = true;
    write('sound');
  }

  /** Done or skipped: it is not shown again by itself. */
  end(): void {
    this.soundIsNext = false;
    this.isAgain = false;
    write(null);
  }
}

/** The first run's last step in this panel, once there is an office. */
export const firstRun = new FirstRun();

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'sound';
  } catch {
    return false;
  }
}

/** A panel that may keep nothing shows the step in this session all the same. */
function write(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, value);
  } catch {
    // Nothing is lost but the memory of a step.
  }
}
