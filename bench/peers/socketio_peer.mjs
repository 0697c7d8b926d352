// npm socket.io with rooms, WebSocket transport only. Usage: socketio_peer.mjs --port PORT
//
// Socket.io has its own envelope, so the routes are events: "echo" answers the sender, "all" goes to
// everybody, "room" to the room named by the query of the connection (?room=NAME). A binary argument
// travels as a text frame (event, placeholder) followed by a binary frame.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const flag = process.argv.indexOf('--port');
if (flag < 0) {
  console.error('usage: node socketio_peer.mjs --port PORT');
  process.exit(2);
}
const port = Number(process.argv[flag + 1]);
const server = createServer();
// The load client does not answer engine.io's own pings, so the first comes after any measurement.
const io = new Server(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  pingInterval: 3_600_000,
});
io.on('connection', (socket) => {
  const room = socket.handshake.query.room;
  if (room !== undefined) socket.join(room);
  socket.on('echo', (payload) => socket.emit('echo', payload));
  socket.on('all', (payload) => io.emit('all', payload));
  socket.on('room', (payload) => io.to(room).emit('room', payload));
});
server.listen(port, '127.0.0.1', 4096);
