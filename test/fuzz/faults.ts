/** Lines by which a node says that its own code failed at what it was sent: it must refuse that, not stumble over it. */
export const FAULT = /\bA fault\b|(handler|listener) of .* failed|media worker: .*Error/;
