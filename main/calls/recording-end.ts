/** Why a recording ended. held: this side holds the call, or is being transferred; untold: another computer does not confirm it. */
export type RecordingEnd = 'stopped' | 'call-over' | 'held' | 'untold';
