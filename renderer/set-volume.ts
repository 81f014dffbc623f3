/** Takes a loudness that was chosen, in percent. Resolves with whether it was taken. */
export type SetVolume = (percent: number) => Promise<boolean>;
