// npm ws as its manual shows it: a loop over the members, one send each. Usage: ws_peer.mjs --port PORT
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const flag = process.argv.indexOf('--port');
if (flag < 0) {
  console.error('usage: node ws_peer.mjs --port PORT');
  process.exit(2);
}
const port = Number(process.argv[flag + 1]);
const rooms = new Map(); // path -> Set of sockets

function join(socket, path) {
  if (!rooms.has(path)) rooms.set(path, new Set());
  rooms.get(path).add(socket);
  socket.on('close', () => {
    rooms.get(path).delete(socket);
  });
  socket.on('message', (data, binary) => {
    for (const member of rooms.get(path)) member.send(data, { binary });
  });
}

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  socket.on('error', () => {});
  if (request.url === '/echo') socket.on('message', (data, binary) => socket.send(data, { binary }));
  else join(socket, request.url);
});
server.listen(port, '127.0.0.1', 4096);
