import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';

/** Starts a request whose socket never keeps the process alive. Throws if the URL is invalid. */
export function nodeClientRequest(url: string, options: RequestOptions): ClientRequest {
  const target = new URL(url.replace(/^ws/i, 'http'));
  const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, options);
  request.on('socket', (socket: Socket) => {
    socket.unref();
    // Each further address that is tried has a new handle, which counts again. A reused socket of an earlier request already has its
    // address.
    if (socket.connecting) socket.on('connectionAttempt', () => socket.unref());
  });
  return request;
}
