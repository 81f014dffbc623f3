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

  /** The step is done or skipped, and is not shown again automatically. */
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

/** Stores the value. Without storage the step is still shown in this session. */
function write(value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, value);
  } catch {
    // Only the memory of a step is lost.
  }
}
