// Runs a program in a network namespace as if it were here: node netns-bridge.mjs NAMESPACE PROGRAM ARGUMENT …
// The loopback ports that it says it listens on for a debugger are opened here too, and passed on.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [namespace, ...command] = process.argv.slice(2);
const inside = ['netns', 'exec', namespace];
const PASS =
  "const s=require('net').connect(+process.argv[1],'127.0.0.1');process.stdin.pipe(s).pipe(process.stdout);s.on('close',()=>process.exit())";

const program = spawn('ip', [...inside, ...command], { stdio: ['inherit', 'inherit', 'pipe'] });
const lines = createInterface({ input: program.stderr });
lines.on('line', async (line) => {
  const port = /listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
  if (port) await pass(Number(port));
  process.stderr.write(`${line}\n`);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => program.kill(signal));
program.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

function pass(port) {
  const server = createServer((socket) => {
    const far = spawn('ip', [...inside, process.execPath, '-e', PASS, String(port)], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    socket.pipe(far.stdin);
    far.stdout.pipe(socket);
    socket.on('error', () => far.kill());
    far.stdin.on('error', () => socket.destroy());
    socket.on('close', () => far.kill());
    far.on('exit', () => socket.destroy());
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
