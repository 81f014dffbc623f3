export { defaultProfile } from './profile-path.ts';
export { connectLocalSocket, type RemoteNode } from './socket-client.ts';
export { serveLocalSocket, type LocalSocket } from './socket-server.ts';
export { serveWebPanel, type WebPanel } from './web-panel.ts';
