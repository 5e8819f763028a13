// The floor: reads a body and drops it.
import { createServer } from 'node:http';
import { serveMeasured } from './serve-measured.mjs';

const answer = JSON.stringify({ accepted: 20, rejected: [] });
const server = createServer((request, response) => {
  request.on('data', () => {});
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => serveMeasured(server.address().port));
