/** English: what only the panel in a browser says. */
export const enWeb = {
  webLost: 'The connection to Corridor is lost. It is tried again by itself.',
  webLostShort: 'Corridor cannot be reached just now. Try again once the connection is back.',
  webRefusedTitle: 'This page is not connected',
  webRefusedLead:
    'An address of the panel opens it in one browser, and Corridor was started again since or the address was used. Get a new one on the computer that Corridor runs on:',
  webSound: 'You speak and hear through the computer that Corridor runs on, not through this browser.',
  webUnderstood: 'Got it',
  webHold: 'Hold a person’s button to talk.',
  webHoldFor: (name: string, extension: string) => `Hold the button to talk to ${name} · ${extension}`,
};
